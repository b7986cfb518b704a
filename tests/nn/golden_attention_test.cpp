#include <agate/nn/conv/agnn_conv.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <agate/nn/norm/graph_norm.hpp>

#include "golden.hpp"

using namespace agate;

TEST_CASE("AGNNConv agrees with PyTorch Geometric") {
  const Golden golden("AGNNConv_0");
  nn::AGNNConv layer;
  const Graph graph = golden.graph();
  check_layer(golden, layer, [&](const Var& x) { return layer(graph, x); });
}

TEST_CASE("SuperGATConv agrees with PyTorch Geometric") {
  for (const char* name : {"SuperGATConv_0", "SuperGATConv_1"}) {
    INFO(name);
    const Golden golden(name);
    Random random(1);
    nn::SuperGATConv layer({.in = golden.args["in_channels"],
                            .out = golden.args["out_channels"],
                            .heads = golden.args["heads"],
                            .concat = golden.args.value("concat", true),
                            .attention_type = golden.args["attention_type"]},
                           random);
    const Graph graph = golden.graph();
    check_layer(golden, layer, [&](const Var& x) { return layer(graph, x); });
  }
}

TEST_CASE("GraphNorm agrees with PyTorch Geometric") {
  const Golden golden("GraphNorm");
  nn::GraphNorm layer({.in_channels = golden.args["in_channels"]});
  const auto batch = golden.file.find("batch")->as_indices("batch");
  std::vector<Index> offsets;
  for (std::size_t i = 0; i < batch.size(); ++i)
    while (std::ssize(offsets) <= batch[i]) offsets.push_back(static_cast<Index>(i));
  offsets.push_back(std::ssize(batch));
  check_layer(golden, layer, [&](const Var& x) { return layer(x, offsets); });
}
