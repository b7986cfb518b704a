#include <agate/core/error.hpp>
#include <agate/data/dataset.hpp>
#include <agate/models/model_config.hpp>
#include <agate/nn/link/pair_decoder.hpp>
#include <agate/nn/norm/norm.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/tensor/activations.hpp>
#include <nlohmann/json.hpp>

namespace AGATE_NAMESPACE::models {

const std::vector<Option<ModelConfig>>& model_options() {
  using C = ModelConfig;
  static const std::vector<Option<C>> table{
      {"layers", &C::layers, "graph layers", 1, 100, {}},
      {"hidden",
       &C::hidden,
       "channels of the hidden layers (per head in attention models)",
       1,
       65536,
       {}},
      {"heads", &C::heads, "attention heads of the hidden layers", 1, 1024, {}},
      {"output_heads",
       &C::output_heads,
       "attention heads of the last layer, averaged",
       1,
       1024,
       {}},
      {"dropout", &C::dropout, "dropout on the input of every layer", 0, 0.999, {}},
      {"drop_features", &C::drop_features, "dropout on the features too", 0, 0, {}},
      {"drop_hidden",
       &C::drop_hidden,
       "dropout between the layers too, not before post_linear alone",
       0,
       0,
       {}},
      {"attention_dropout",
       &C::attention_dropout,
       "dropout on the attention weights",
       0,
       0.999,
       {}},
      {"value_dropout", &C::value_dropout, "gat: dropout on the projected features", 0, 0.999, {}},
      {"negative_slope", &C::negative_slope, "slope of LeakyReLU in the attention score", 0, 1, {}},
      {"activation", &C::activation, "between layers", 0, 0, activation_names()},
      {"norm", &C::norm, "after every hidden layer", 0, 0, nn::norm_names()},
      {"residual", &C::residual, "add a projection of each layer's input to its output", 0, 0, {}},
      {"pre_linear", &C::pre_linear, "a linear layer before the graph layers", 0, 0, {}},
      {"embedding",
       &C::embedding,
       "that layer is an embedding of one-hot features: no bias, starts standard normal",
       0,
       0,
       {}},
      {"post_linear",
       &C::post_linear,
       "a linear layer after the graph layers makes the output",
       0,
       0,
       {}},
      {"post_activation", &C::post_activation, "an activation before that layer too", 0, 0, {}},
      {"jk",
       &C::jk,
       "jumping knowledge: what the outputs of all layers become",
       0,
       0,
       {"last", "cat", "max", "lstm"}},
      {"virtual_node",
       &C::virtual_node,
       "one more node that all nodes of a graph speak through",
       0,
       0,
       {}},
      {"readout", &C::readout, "graphs: what their nodes become", 0, 0, nn::readout_names()},
      {"timesteps",
       &C::timesteps,
       "readout attentive_fp: how often a graph attends to its nodes",
       1,
       100,
       {}},
      {"head_layers",
       &C::head_layers,
       "edges, graphs: layers of the perceptron that makes the output",
       1,
       16,
       {}},
      {"latent",
       &C::latent,
       "edges, links: channels of a node by which pairs are scored",
       1,
       65536,
       {}},
      {"decoder", &C::decoder, "links: how a pair of nodes is scored", 0, 0,
       nn::pair_decoder_names()},
      {"variational", &C::variational, "links: every node is a distribution (VGAE)", 0, 0, {}},
      {"label_input",
       &C::label_input,
       "edges: messages carry the known labels of other edges (by time: of earlier ones)",
       0,
       0,
       {}},
      {"self_loops", &C::self_loops, "every node attends to itself", 0, 0, {}},
      {"bias", &C::bias, "layers add a bias", 0, 0, {}},
      {"share_weights",
       &C::share_weights,
       "gatv2: one projection for sources and targets",
       0,
       0,
       {}},
      {"aggr", &C::aggr, "sage: what is made of the neighbours", 0, 0, {"mean", "max", "sum"}},
      {"train_eps",
       &C::train_eps,
       "gin: learn how much a node counts beside its neighbours",
       0,
       0,
       {}},
      {"beta", &C::beta, "transformer_conv: a gate between a node and its neighbours", 0, 0, {}},
      {"attention_type",
       &C::attention_type,
       "supergat: mixed or scaled dot-product attention",
       0,
       0,
       {"MX", "SD"}},
      {"edge_loss", &C::edge_loss, "supergat: weight of each layer's edge loss", 0, 1e6, {}},
      {"edge_sample_ratio",
       &C::edge_sample_ratio,
       "supergat: share of the edges in the edge loss",
       1e-6,
       1,
       {}},
      {"neg_sample_ratio",
       &C::neg_sample_ratio,
       "supergat: negative pairs per edge in the edge loss",
       1e-6,
       1000,
       {}},
      {"attn_type", &C::attn_type, "gps: the attention to all nodes", 0, 0, {"multihead", "rfa"}},
      {"local", &C::local, "gps: the layer over the neighbours", 0, 0, {"gcn", "gat", "gine"}},
      {"dropout_per_head",
       &C::dropout_per_head,
       "gat: an input mask of its own for each head",
       0,
       0,
       {}},
      {"attention_bias", &C::attention_bias, "gat: a bias in each half of the score", 0, 0, {}},
      {"init", &C::init, "gat: bounds of the initial weights", 0, 0, {"pyg", "paper"}},
      {"normalize",
       &C::normalize,
       "features: rows (each row sums to 1), none, auto (rows for sparse counts)",
       0,
       0,
       {"auto", "rows", "none"}},
      {"calibrate",
       &C::calibrate,
       "fit the probabilities to what comes true on the validation part",
       0,
       0,
       {}},
  };
  return table;
}

std::string to_json(const ModelConfig& config) {
  nlohmann::ordered_json json{{"model", config.model}, {"in", config.in}, {"out", config.out}};
  if (config.encodings > 0) json["encodings"] = config.encodings;
  if (config.task != "node") json["task"] = config.task;
  if (config.regression) json["regression"] = true;
  if (config.edge_dim > 0) json["edge_dim"] = config.edge_dim;
  if (config.pair_dim > 0) json["pair_dim"] = config.pair_dim;
  for (const auto& option : model_options()) {
    std::visit([&](auto field) { json[option.name] = config.*field; }, option.field);
  }
  return json.dump();
}

ModelConfig model_config_from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  check(json.is_object(), ErrorCode::format, "model configuration: not a JSON object");
  ModelConfig config;
  for (const auto& [key, value] : json.items()) {
    const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    if (key == "model")
      config.model = word;
    else if (key == "in")
      config.in = static_cast<Index>(parse_option_number(key, word, 1, 1e9, true));
    else if (key == "out")
      config.out = static_cast<Index>(parse_option_number(key, word, 1, 1e9, true));
    else if (key == "encodings")
      config.encodings = static_cast<Index>(parse_option_number(key, word, 0, 1e9, true));
    else if (key == "task")
      config.task = data::to_string(data::parse_task(word));
    else if (key == "regression")
      config.regression = word == "true";
    else if (key == "edge_dim")
      config.edge_dim = static_cast<Index>(parse_option_number(key, word, 0, 1e9, true));
    else if (key == "pair_dim")
      config.pair_dim = static_cast<Index>(parse_option_number(key, word, 0, 1e9, true));
    else
      set_option(model_options(), config, key, word);
  }
  check(config.encodings <= config.in, ErrorCode::format,
        "model configuration: encodings = ", config.encodings, " of in = ", config.in);
  return config;
}

}  // namespace AGATE_NAMESPACE::models
