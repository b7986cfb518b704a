#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::train {

namespace {

// 64 channels, of attention models in four heads.
Preset deep(const models::ModelInfo& info) {
  return {info.name,
          "deep",
          "many layers with residuals and norms, after Luo, Shi and Wu (2024)",
          {{"layers", "10"},
           {"hidden", info.attention ? "16" : "64"},
           {"heads", "4"},
           {"dropout", "0.2"},
           {"attention_dropout", "0"},
           {"drop_features", "false"},
           {"activation", "relu"},
           {"norm", "batch"},
           {"bias", "false"},
           {"residual", "true"},
           {"post_linear", "true"},
           {"lr", "0.01"},
           {"weight_decay", "0"},
           {"weight_decay_on", "all"},
           {"epochs", "1000"},
           {"patience", "300"},
           {"stop", "val_metric"}}};
}

using Settings = std::vector<std::pair<std::string, std::string>>;

// As wide as 64 channels, in attention models as 4 heads of 16.
void add_width(const models::ModelInfo& info, Settings& settings) {
  settings.emplace_back("hidden", info.attention ? "16" : "64");
  settings.emplace_back("heads", "4");
  if (info.blocks || info.name == "gine") settings.emplace_back("pre_linear", "true");
}

// Whole graphs: sums over the nodes of what every layer found.
Preset graph(const models::ModelInfo& info) {
  Preset preset{info.name,
                "graph",
                "whole graphs, after Xu, Hu, Leskovec and Jegelka (2019)",
                {{"layers", "5"},
                 {"dropout", "0.5"},
                 {"drop_features", "false"},
                 {"drop_hidden", "false"},
                 {"attention_dropout", "0"},
                 {"activation", "relu"},
                 {"norm", info.name == "agnn" ? "none" : "batch"},
                 {"jk", "cat"},
                 {"readout", "sum"},
                 {"head_layers", "1"},
                 {"lr", "0.001"},
                 {"schedule", "step"},
                 {"step_size", "50"},
                 {"weight_decay", "0"},
                 {"weight_decay_on", "all"},
                 {"batch_size", "32"},
                 {"epochs", "300"},
                 {"patience", "100"},
                 {"stop", "val_metric"}}};
  add_width(info, preset.settings);
  if (info.name == "attentive_fp")
    preset.settings.insert(
        preset.settings.end(),
        {{"norm", "none"}, {"jk", "last"}, {"readout", "attentive_fp"}, {"pre_linear", "true"}});
  return preset;
}

// Whole molecules: one-hot features of atoms and bonds, some thousand graphs of some 20 atoms.
Preset molecule(const models::ModelInfo& info) {
  Preset preset = graph(info);
  preset.name = "molecule";
  preset.about = "molecules by their atoms and bonds";
  const auto add = [&](const Settings& more) {
    preset.settings.insert(preset.settings.end(), more.begin(), more.end());
  };
  add({{"normalize", "none"},
       {"dropout", "0.2"},
       {"schedule", "constant"},
       {"weight_decay", "0.00001"},
       {"batch_size", "128"},
       {"epochs", "200"},
       {"patience", "30"}});
  if (info.name == "gine")
    add({{"hidden", "128"}, {"virtual_node", "true"}, {"jk", "last"}, {"readout", "mean"}});
  if (info.name == "gps") add({{"local", "gine"}, {"jk", "last"}, {"readout", "mean"}});
  if (info.name == "attentive_fp") {
    preset.about = "molecules by their atoms and bonds, after Xiong et al. (2019)";
    add({{"layers", "2"}, {"timesteps", "2"}, {"hidden", "200"}, {"attention_dropout", "0.2"}});
  }
  return preset;
}

// The models that molecules are classified by.
bool for_molecules(const std::string& model) {
  static const std::vector<std::string> names{"attentive_fp", "gat", "gatv2", "gine",
                                              "gps",          "gcn", "gin",   "mlp"};
  return std::ranges::find(names, model) != names.end();
}

// Edges between embeddings of 64 channels.
Preset edge(const models::ModelInfo& info) {
  // In other layers the features of edges decide about attention alone.
  const bool carries_edges = info.name == "transformer_conv" || info.name == "gine";
  Preset preset{info.name,
                "edge",
                "edges, by both ends; messages carry the labels of other edges where they can",
                {{"layers", "2"},
                 {"latent", "64"},
                 {"dropout", "0.2"},
                 {"drop_features", "false"},
                 {"attention_dropout", "0"},
                 {"activation", "relu"},
                 {"norm", "none"},
                 {"label_input", carries_edges ? "true" : "false"},
                 {"lr", "0.005"},
                 {"weight_decay", "0.00001"},
                 {"weight_decay_on", "all"},
                 {"batch_size", "4096"},
                 {"epochs", "200"},
                 {"patience", "30"},
                 {"stop", "val_metric"}}};
  if (info.blocks) preset.settings.emplace_back("post_linear", "true");
  add_width(info, preset.settings);
  return preset;
}

// Links by the inner product of embeddings.
Preset gae(const models::ModelInfo& info, const char* name, const char* about, Settings more) {
  Preset preset{info.name,
                name,
                about,
                {{"layers", "2"},
                 {"hidden", info.attention ? "8" : "32"},
                 {"heads", "4"},
                 {"latent", "16"},
                 {"decoder", "dot"},
                 {"dropout", "0"},
                 {"attention_dropout", "0"},
                 {"activation", "relu"},
                 {"norm", "none"},
                 {"normalize", "none"},
                 {"lr", "0.01"},
                 {"weight_decay", "0.0005"},
                 {"weight_decay_on", "all"},
                 {"epochs", "200"},
                 {"patience", "200"},
                 {"stop", "val_metric"}}};
  if (info.blocks)
    preset.settings.insert(preset.settings.end(),
                           {{"post_linear", "true"}, {"pre_linear", "true"}});
  if (info.name == "gine") preset.settings.emplace_back("pre_linear", "true");
  for (auto& setting : more) preset.settings.push_back(setting);
  return preset;
}

// One layer with one head between embeddings and a classifier.
Preset lookup(const models::ModelInfo& info) {
  Preset preset{info.name,
                "lookup",
                "one head in one layer, for dictionary:K, after Brody, Alon and Yahav (2022)",
                {{"layers", "1"},
                 {"hidden", "128"},
                 {"heads", "1"},
                 {"dropout", "0.5"},
                 {"drop_features", "false"},
                 {"drop_hidden", "false"},
                 {"attention_dropout", "0"},
                 {"activation", "elu"},
                 {"normalize", "none"},
                 {"pre_linear", "true"},
                 {"post_linear", "true"},
                 {"post_activation", "false"},
                 {"embedding", "true"},
                 {"lr", "0.003"},
                 {"weight_decay", "0"},
                 {"weight_decay_on", "all"},
                 {"clip_norm", "1"},
                 {"schedule", "plateau"},
                 {"step_size", "10"},
                 {"batch_size", "256"},
                 {"epochs", "1000"},
                 {"patience", "20"},
                 {"stop", "val_metric"}}};
  if (info.name == "gatv2")
    preset.settings.insert(preset.settings.end(),
                           {{"share_weights", "true"}, {"bias", "false"}, {"self_loops", "false"}});
  return preset;
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = [] {
    // Transformer blocks where few nodes are labelled.
    const std::vector<std::pair<std::string, std::string>> blocks{
        {"hidden", "16"},       {"heads", "4"},
        {"dropout", "0.5"},     {"attention_dropout", "0.5"},
        {"activation", "relu"}, {"norm", "layer"},
        {"pre_linear", "true"}, {"post_linear", "true"}};
    std::vector<Preset> list{
        {"gat", "default", "8 heads of 8 channels, dropout 0.6", {}},
        {"gat",
         "paper",
         "as the authors' own code trains on Cora and CiteSeer",
         {{"normalize", "rows"},
          {"dropout_per_head", "true"},
          {"value_dropout", "0.6"},
          {"attention_bias", "true"},
          {"init", "paper"},
          {"epochs", "100000"},
          {"patience", "100"},
          {"stop", "gat"}}},
        {"gat",
         "pyg",
         "as PyTorch Geometric's benchmark trains it",
         {{"normalize", "rows"}, {"epochs", "1000"}, {"patience", "100"}, {"stop", "pyg"}}},
        {"gcn",
         "default",
         "16 channels, dropout 0.5",
         {{"hidden", "16"},
          {"dropout", "0.5"},
          {"activation", "relu"},
          {"lr", "0.01"},
          {"weight_decay_on", "first_layer"}}},
        {"gcn",
         "paper",
         "as the authors' own code trains on the citation networks",
         {{"normalize", "rows"}, {"bias", "false"}, {"epochs", "200"}, {"stop", "gcn"}}},
        {"gatv2", "default", "8 heads of 8 channels, dropout 0.6", {}},
        {"transformer_conv", "default", "8 heads of 8 channels, dropout 0.6", {}},
        {"agnn",
         "default",
         "two propagation layers over 16 channels, dropout 0.5",
         {{"hidden", "16"},
          {"dropout", "0.5"},
          {"activation", "relu"},
          {"pre_linear", "true"},
          {"post_linear", "true"},
          {"lr", "0.01"}}},
        {"supergat",
         "default",
         "8 heads of 8 channels, 8 of the output, dropout 0.6, edge loss",
         {{"output_heads", "8"}}},
        // Without a residual all nodes would look the same: each sees the same nodes.
        {"dense_gat",
         "default",
         "8 heads of 8 channels with residuals, dropout 0.6",
         {{"residual", "true"}}},
        {"dense_transformer", "default", "two blocks of 4 heads of 16 channels, dropout 0.5",
         blocks},
        {"rfa", "default", "as dense_transformer, by 64 random features a head", blocks},
        {"gps", "default", "two blocks of 4 heads of 16 channels beside GCN, dropout 0.5", blocks},
        {"sage",
         "default",
         "64 channels, dropout 0.5",
         {{"hidden", "64"}, {"dropout", "0.5"}, {"activation", "relu"}, {"lr", "0.01"}}},
        {"gin",
         "default",
         "64 channels, dropout 0.5",
         {{"hidden", "64"}, {"dropout", "0.5"}, {"activation", "relu"}, {"lr", "0.01"}}},
        {"gine",
         "default",
         "64 channels, dropout 0.5",
         {{"hidden", "64"},
          {"dropout", "0.5"},
          {"activation", "relu"},
          {"pre_linear", "true"},
          {"lr", "0.01"}}},
        {"attentive_fp",
         "default",
         "two layers of 64 channels, dropout 0.5",
         {{"hidden", "64"},
          {"dropout", "0.5"},
          {"attention_dropout", "0.5"},
          {"readout", "attentive_fp"},
          {"drop_features", "false"},
          {"pre_linear", "true"},
          {"post_linear", "true"},
          {"lr", "0.01"}}},
        {"mlp",
         "default",
         "64 channels, dropout 0.5",
         {{"hidden", "64"}, {"dropout", "0.5"}, {"activation", "relu"}, {"lr", "0.01"}}},
    };
    for (const models::ModelInfo& info : models::model_registry()) {
      list.push_back(graph(info));
      if (for_molecules(info.name)) list.push_back(molecule(info));
      list.push_back(edge(info));
      list.push_back(
          gae(info, "gae", "links by inner products, after Kipf and Welling (2016)", {}));
      list.push_back(
          gae(info, "vgae", "gae with a distribution for every node", {{"variational", "true"}}));
      list.push_back(gae(info, "ncn",
                         "links by common neighbours too, after Wang, Yang and Zhang (2024)",
                         {{"decoder", "common_neighbors"},
                          {"latent", "64"},
                          {"dropout", "0.5"},
                          {"weight_decay", "0"},
                          {"mask_edges", "true"},
                          {"batch_size", "256"}}));
      if (info.blocks) continue;
      list.push_back(deep(info));
      list.push_back(lookup(info));
    }
    return list;
  }();
  return all;
}

void set_option(const std::string& name, const std::string& text, models::ModelConfig& config,
                TrainOptions& options) {
  for (const auto& option : models::model_options())
    if (option.name == name) return agate::set_option(option, config, text);
  for (const auto& option : train_options())
    if (option.name == name) return agate::set_option(option, options, text);
  std::vector<std::string> known;
  for (const auto& option : models::model_options()) known.push_back(option.name);
  for (const auto& option : train_options()) known.push_back(option.name);
  unknown_option(name, known);
}

void apply_preset(const std::string& name, models::ModelConfig& config, TrainOptions& options) {
  const Preset* chosen = nullptr;
  std::vector<std::string> known;
  for (const Preset& preset : presets()) {
    if (preset.model != config.model) continue;
    known.push_back(preset.name);
    if (preset.name == "default")
      for (const auto& [key, value] : preset.settings) set_option(key, value, config, options);
    if (preset.name == name) chosen = &preset;
  }
  check(chosen != nullptr, ErrorCode::usage, "preset \"", name, "\" is not known for model ",
        config.model, suggestion(name, known));
  for (const auto& [key, value] : chosen->settings) set_option(key, value, config, options);
}

}  // namespace AGATE_NAMESPACE::train
