#include "train/preset_families.hpp"

#include <algorithm>

namespace AGATE_NAMESPACE::train {
namespace {

// As wide as 64 channels, in attention models as 4 heads of 16.
void add_width(const models::ModelInfo& info, Settings& settings) {
  settings.emplace_back("hidden", info.attention ? "16" : "64");
  settings.emplace_back("heads", "4");
  if (info.blocks || info.name == "gine") settings.emplace_back("pre_linear", "true");
}

}  // namespace

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

// Wider, a mask before every layer, small steps; a quarter of an hour for a few thousand molecules.
Preset ogb(const models::ModelInfo& info) {
  Preset preset = molecule(info);
  preset.name = "ogb";
  preset.about = "molecules as the Open Graph Benchmark has it, after Hu et al. (2020)";
  preset.settings.insert(preset.settings.end(), {{"hidden", "300"},
                                                 {"dropout", "0.5"},
                                                 {"drop_hidden", "true"},
                                                 {"weight_decay", "0"},
                                                 {"batch_size", "32"},
                                                 {"epochs", "100"},
                                                 {"patience", "100"}});
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

}  // namespace AGATE_NAMESPACE::train
