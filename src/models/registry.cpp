#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/models/model.hpp>
#include <algorithm>

#include "models/attentive_fp.hpp"
#include "models/layer_stack.hpp"
#include "models/network.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

struct Entry {
  ModelInfo info;
  MakeLayer make_layer;  // of a stack of them; null: AttentiveFP

  std::unique_ptr<Encoder> make_encoder(const ModelConfig& config, Random& random) const {
    const Index end = open_end(config);
    if (make_layer) return std::make_unique<LayerStack>(config, info, make_layer, end, random);
    return std::make_unique<AttentiveFPEncoder>(config, end, random);
  }
};

// An array rather than self-registering objects, which a static library drops.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {{.name = "gat",
        .about = "graph attention network (Velickovic et al. 2018)",
        .attention = true,
        .edge_features = true},
       make_gat},
      {{.name = "gatv2",
        .about = "graph attention that ranks neighbours anew for each node (Brody et al. 2022)",
        .attention = true,
        .edge_features = true},
       make_gatv2},
      {{.name = "transformer_conv",
        .about = "dot-product attention over neighbours (Shi et al. 2021)",
        .attention = true,
        .edge_features = true},
       make_transformer_conv},
      {{.name = "agnn",
        .about = "neighbours weighed by the cosine of what they hold (Thekumparampil et al. 2018)",
        .blocks = true,
        .weights = false},
       make_agnn},
      {{"supergat", "attention that also learns to tell edges from other pairs (Kim and Oh 2021)",
        true},
       make_supergat},
      {{.name = "dense_gat",
        .about = "gat without the graph: every node attends to all nodes",
        .attention = true,
        .local = false},
       make_dense_gat},
      {{.name = "dense_transformer",
        .about = "Transformer encoder over the nodes (Vaswani et al. 2017): does not see the graph",
        .attention = true,
        .blocks = true,
        .local = false},
       make_dense_transformer},
      {{.name = "rfa",
        .about = "dense_transformer by random features (Peng et al. 2021), linear in the nodes",
        .attention = true,
        .blocks = true,
        .local = false},
       make_rfa},
      {{.name = "gps",
        .about = "neighbours and attention to all nodes side by side (Rampasek et al. 2022)",
        .attention = true,
        .blocks = true,
        .edge_features = true,
        .local = false},
       make_gps},
      {{"gcn", "graph convolutional network (Kipf and Welling 2017)"}, make_gcn},
      {{"sage", "mean, maximum or sum of the neighbours (Hamilton et al. 2017)"}, make_sage},
      {{"gin", "sum of the neighbours through a perceptron (Xu et al. 2019)"}, make_gin},
      {{.name = "gine",
        .about = "gin with the features of the edges (Hu et al. 2020)",
        .edge_features = true},
       make_gine},
      {{.name = "attentive_fp",
        .about = "attention among atoms, then of the molecule to its atoms (Xiong et al. 2019)",
        .blocks = true,
        .edge_features = true},
       nullptr},
      {{"mlp", "multilayer perceptron: does not see the graph"}, make_linear},
  };
  return all;
}

}  // namespace

const std::vector<ModelInfo>& model_registry() {
  static const std::vector<ModelInfo> infos = [] {
    std::vector<ModelInfo> all;
    for (const Entry& entry : entries()) all.push_back(entry.info);
    return all;
  }();
  return infos;
}

bool sees_edge_features(const ModelConfig& config) {
  if (config.model == "gps" && config.local == "gcn") return false;
  return std::ranges::any_of(model_registry(), [&](const ModelInfo& info) {
    return info.name == config.model && info.edge_features;
  });
}

std::unique_ptr<Model> make_model(const ModelConfig& config, std::uint64_t seed) {
  std::vector<std::string> known;
  for (const Entry& entry : entries()) {
    known.push_back(entry.info.name);
    if (entry.info.name != config.model) continue;
    check(config.in >= 1 && config.out >= 1, ErrorCode::value, config.model, ": in = ", config.in,
          ", out = ", config.out, ", expected at least 1");
    Random random(seed);
    auto encoder = entry.make_encoder(config, random);
    return std::make_unique<Network>(config, std::move(encoder), random);
  }
  fail(ErrorCode::usage, "model \"", config.model, "\" is not known",
       suggestion(config.model, known));
}

}  // namespace AGATE_NAMESPACE::models
