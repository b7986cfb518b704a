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

TEST_CASE("GCNConv with edge weights agrees with PyTorch Geometric") {
  const Golden golden("GCNConv_weighted");
  Random random(1);
  nn::GCNConv layer({.in = golden.args["in_channels"], .out = golden.args["out_channels"]}, random);
  const Graph graph = golden.graph();
  const Tensor given = golden.tensor("edge_weight");
  auto column = [&](Tape& tape) { return tape.variable(given.reshape({given.size(), 1})); };
  check_layer(golden, layer, [&](const Var& x) { return layer(graph, x, column(x.tape())); });

  Tape tape;
  const Var weight = column(tape);
  tape.backward(layer(graph, tape.constant(golden.tensor("x")), weight), golden.tensor("grad_out"));
  check_close(tape.gradient(weight), golden.tensor("grad.edge_weight"), "grad.edge_weight");
}
