#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

namespace {

const Graph& graph() {
  static const Graph g = table::example_graph(9, {.undirected = true});
  return g;
}

Tensor example_weights() {
  Tensor w = table::example({graph().num_messages(), 1}, 8);
  for (Real& v : w.values()) v = std::abs(v);
  return w;
}

}  // namespace

TEST_CASE("gradients of the weights of messages in layers without attention") {
  Random random(4);
  const Tensor x = table::example({9, 5}, 1),
               edge_attr = table::example({graph().num_edges(), 2}, 5);
  nn::GCNConv gcn({.in = 5, .out = 3}, random);
  nn::SAGEConv mean({.in = 5, .out = 3}, random), most({.in = 5, .out = 3, .aggr = "max"}, random);
  nn::GINConv gin(
      {.eps = 0.2, .train_eps = true},
      nn::MLP({.channels = {5, 4, 3}, .activation = "elu", .batch_norm = false}, random));
  nn::GINEConv gine(
      {.edge_dim = 2},
      nn::MLP({.channels = {5, 4, 3}, .activation = "elu", .batch_norm = false}, random), random);
  auto check_layer = [&](const std::string& name, auto& layer) {
    LayerWithInputs all(layer, {example_weights(), x});
    check_gradients(name, all, [&](Tape& tape) {
      if constexpr (requires { layer.weighted(graph(), all.input(tape, 1), all.input(tape, 0)); })
        return layer.weighted(graph(), all.input(tape, 1), all.input(tape, 0));
      else
        return layer(
            graph(), all.input(tape, 1),
            {.edge_attr = tape.constant(edge_attr), .message_weights = all.input(tape, 0)});
    });
  };
  check_layer("GCNConv", gcn);
  check_layer("SAGEConv mean", mean);
  check_layer("SAGEConv max", most);
  check_layer("GINConv", gin);
  check_layer("GINEConv", gine);
}
