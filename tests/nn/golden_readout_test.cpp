#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/jumping_knowledge.hpp>
#include <agate/nn/pool/attentional_aggregation.hpp>
#include <agate/nn/pool/graph_multiset_transformer.hpp>
#include <agate/nn/pool/set2set.hpp>
#include <agate/tensor/rows.hpp>

#include "golden.hpp"

using namespace agate;

namespace {

// Where the graphs of `batch`, the graph of each node, begin and end.
std::vector<Index> offsets(const Golden& golden) {
  std::vector<Index> ends(static_cast<std::size_t>(golden.tensor("out").rows()) + 1, 0);
  for (const auto b : golden.file.find("batch")->as_indices("batch"))
    ++ends[static_cast<std::size_t>(b) + 1];
  for (std::size_t b = 1; b < ends.size(); ++b) ends[b] += ends[b - 1];
  return ends;
}

}  // namespace

TEST_CASE("GINEConv agrees with PyTorch Geometric") {
  const Golden golden("GINEConv");
  Random random(1);
  nn::GINEConv layer({.train_eps = golden.args["train_eps"], .edge_dim = golden.args["edge_dim"]},
                     nn::MLP({.channels = golden.args["mlp"].get<std::vector<Index>>()}, random),
                     random);
  const Graph graph = golden.graph();
  check_layer(golden, layer, {"x", "edge_attr"},
              [&](const std::vector<Var>& v) { return layer(graph, v[0], {.edge_attr = v[1]}); });
}

TEST_CASE("AttentionalAggregation agrees with PyTorch Geometric") {
  const Golden golden("AttentionalAggregation");
  Random random(1);
  const auto linear = [&](const char* name) {
    return nn::Linear({.in = golden.args[name][0], .out = golden.args[name][1]}, random);
  };
  nn::AttentionalAggregation readout(linear("gate"), linear("nn"));
  check_layer(golden, readout, [&](const Var& x) { return readout(x, offsets(golden)); });
}

TEST_CASE("Set2Set agrees with PyTorch Geometric") {
  const Golden golden("Set2Set");
  Random random(1);
  nn::Set2Set readout({.in_channels = golden.args["in_channels"],
                       .processing_steps = golden.args["processing_steps"]},
                      random);
  check_layer(golden, readout, [&](const Var& x) { return readout(x, offsets(golden)); });
}

TEST_CASE("GraphMultisetTransformer agrees with PyTorch Geometric") {
  const Golden golden("GraphMultisetTransformer");
  Random random(1);
  nn::GraphMultisetTransformer readout({.channels = golden.args["channels"],
                                        .k = golden.args["k"],
                                        .num_encoder_blocks = golden.args["num_encoder_blocks"],
                                        .heads = golden.args["heads"],
                                        .layer_norm = golden.args["layer_norm"]},
                                       random);
  check_layer(golden, readout, [&](const Var& x) { return readout(x, offsets(golden)); });
}

TEST_CASE("JumpingKnowledge agrees with PyTorch Geometric") {
  for (const char* mode : {"cat", "max", "lstm"}) {
    INFO(mode);
    const Golden golden(std::string("JumpingKnowledge_") + mode);
    Random random(1);
    nn::JumpingKnowledge jump({.mode = golden.args["mode"],
                               .channels = golden.args["channels"],
                               .num_layers = golden.args["num_layers"]},
                              random);
    check_layer(golden, jump, {"x0", "x1", "x2"},
                [&](const std::vector<Var>& xs) { return jump(xs); });
  }
}
