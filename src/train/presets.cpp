#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/train/presets.hpp>

#include "train/preset_families.hpp"

namespace AGATE_NAMESPACE::train {

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
      if (info.name == "gine") list.push_back(ogb(info));
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
