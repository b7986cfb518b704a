#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>

#include "golden.hpp"

using namespace agate;

TEST_CASE("SAGEConv agrees with PyTorch Geometric") {
  for (const char* name : {"SAGEConv_0", "SAGEConv_1", "SAGEConv_2", "SAGEConv_3", "SAGEConv_4"}) {
    INFO(name);
    const Golden golden(name);
    Random random(1);
    nn::SAGEConv layer({.in = golden.args["in_channels"],
                        .out = golden.args["out_channels"],
                        .aggr = golden.args.value("aggr", "mean"),
                        .normalize = golden.args.value("normalize", false),
                        .root_weight = golden.args.value("root_weight", true),
                        .project = golden.args.value("project", false)},
                       random);
    const Graph graph = golden.graph();
    check_layer(golden, layer, [&](const Var& x) { return layer(graph, x); });
  }
}

TEST_CASE("GINConv agrees with PyTorch Geometric") {
  const Golden golden("GINConv");
  Random random(1);
  nn::GINConv layer({.train_eps = golden.args["train_eps"]},
                    nn::MLP({.channels = golden.args["mlp"].get<std::vector<Index>>()}, random));
  const Graph graph = golden.graph();
  check_layer(golden, layer, [&](const Var& x) { return layer(graph, x); });
}
