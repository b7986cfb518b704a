#include <agate/nn/conv/agnn_conv.hpp>
#include <agate/nn/conv/dense_gat_conv.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/conv/gps_conv.hpp>
#include <agate/nn/conv/graph_layer.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>

#include "golden.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

/// Rows by the caller's edges as rows by the messages of a directed graph, and back.
Tensor by_message(const Graph& graph, const Tensor& by_edge) {
  Tensor y = Tensor::zeros({graph.num_messages(), 1});
  for (Index k = 0; k < graph.num_messages(); ++k)
    y.data()[k] = by_edge.data()[graph.edge_ids()[k]];
  return y;
}

void check_golden(const std::string& name, std::unique_ptr<nn::GraphLayer> layer) {
  INFO(name);
  const Golden golden("Weighted_" + name);
  for (auto& [key, parameter] : layer->parameters()) {
    INFO(key);
    const auto* found = golden.file.find("param." + key);
    if (!found) continue;  // batch norm of an MLP has none there
    parameter->value = golden.tensor("param." + key).reshape(parameter->value.shape());
  }
  Tape tape;
  const Graph graph = golden.graph();
  const Var x = tape.variable(golden.tensor("x"));
  const Var weights = tape.variable(by_message(graph, golden.tensor("weights")));
  nn::AttentionArgs args{.message_weights = weights};
  if (golden.file.find("edge_attr")) args.edge_attr = tape.constant(golden.tensor("edge_attr"));
  const Var y = (*layer)(graph, x, args);
  check_close(y.value(), golden.tensor("out"), "out");
  tape.backward(y, golden.tensor("grad_out"));
  check_close(tape.gradient(x), golden.tensor("grad.x"), "grad.x");
  check_close(tape.gradient(weights), by_message(graph, golden.tensor("grad.weights")),
              "grad.weights");
}

template <class Conv, class Options>
std::unique_ptr<nn::GraphLayer> layer(const Options& options) {
  Random random(1);
  if constexpr (std::is_constructible_v<Conv, Options, Random&>)
    return nn::graph_layer(Conv(options, random));
  else
    return nn::graph_layer(Conv(options));
}

nn::MLP mlp() {
  Random random(1);
  return nn::MLP({.channels = {5, 4, 3}, .activation = "relu", .batch_norm = false}, random);
}

std::vector<std::pair<std::string, std::unique_ptr<nn::GraphLayer>>> layers() {
  using nn::GATConvOptions, nn::GATv2ConvOptions, nn::TransformerConvOptions, nn::SAGEConvOptions;
  std::vector<std::pair<std::string, std::unique_ptr<nn::GraphLayer>>> all;
  auto add = [&](const std::string& name, std::unique_ptr<nn::GraphLayer> l) {
    all.emplace_back(name, std::move(l));
  };
  add("GATConv", layer<nn::GATConv>(GATConvOptions{.in = 5, .out = 3, .heads = 2, .edge_dim = 2}));
  add("GATv2Conv",
      layer<nn::GATv2Conv>(GATv2ConvOptions{.in = 5, .out = 3, .heads = 2, .edge_dim = 2}));
  add("TransformerConv", layer<nn::TransformerConv>(
                             TransformerConvOptions{.in = 5, .out = 3, .heads = 2, .edge_dim = 2}));
  add("SuperGATConv",
      layer<nn::SuperGATConv>(nn::SuperGATConvOptions{.in = 5, .out = 3, .heads = 2}));
  add("AGNNConv", layer<nn::AGNNConv>(nn::AGNNConvOptions{}));
  add("GCNConv", layer<nn::GCNConv>(nn::GCNConvOptions{.in = 5, .out = 3}));
  add("SAGEConv", layer<nn::SAGEConv>(SAGEConvOptions{.in = 5, .out = 3}));
  add("SAGEConv_max", layer<nn::SAGEConv>(SAGEConvOptions{.in = 5, .out = 3, .aggr = "max"}));
  add("SAGEConv_add", layer<nn::SAGEConv>(SAGEConvOptions{.in = 5, .out = 3, .aggr = "add"}));
  return all;
}

}  // namespace

TEST_CASE("messages with weights, and their gradients, are what PyTorch Geometric explains with") {
  for (auto& [name, l] : layers()) check_golden(name, std::move(l));
  check_golden("GINConv", nn::graph_layer(nn::GINConv({}, mlp())));
  Random random(1);
  check_golden("GINEConv", nn::graph_layer(nn::GINEConv({.edge_dim = 2}, mlp(), random)));
}

TEST_CASE("messages of weight 1 are messages, with loops and both directions of an edge") {
  const Graph graph = table::example_graph(12, {.undirected = true});
  for (auto& [name, l] : layers()) {
    INFO(name);
    Tape tape;
    const Var x = tape.constant(table::example({12, 5}, 3));
    nn::AttentionArgs args;
    if (name == "GATConv" || name == "GATv2Conv" || name == "TransformerConv")
      args.edge_attr = tape.constant(table::example({graph.num_edges(), 2}, 4));
    const Tensor plain = (*l)(graph, x, args).value();
    args.message_weights = tape.constant(Tensor::full({graph.num_messages(), 1}, 1));
    Tensor attention;
    args.weights = &attention;
    check_close((*l)(graph, x, args).value(), plain, name);
    args.message_weights = tape.constant(Tensor::full({graph.num_messages() - 1, 1}, 1));
    CHECK_THROWS_WITH((*l)(graph, x, args), Catch::Contains("message_weights has shape"));
  }
}

TEST_CASE("layers that send no messages over edges refuse weights of messages") {
  Random random(1);
  const Graph graph = table::example_graph(12);
  const auto dense = nn::graph_layer(nn::DenseGATConv({.in = 5, .out = 3}, random));
  Tape tape;
  const Var x = tape.constant(table::example({12, 5}, 3));
  CHECK_THROWS_WITH(
      (*dense)(graph, x,
               {.message_weights = tape.constant(Tensor::full({graph.num_messages(), 1}, 1))}),
      Catch::Contains("sends no messages over edges"));
}

TEST_CASE("GPSConv hands weights of messages to its local layer, and refuses them without one") {
  Random random(1);
  const Graph graph = table::example_graph(12);
  const nn::GPSConv with({.channels = 4, .heads = 2},
                         layer<nn::GCNConv>(nn::GCNConvOptions{.in = 4, .out = 4}), random);
  const nn::GPSConv without({.channels = 4, .heads = 2}, nullptr, random);
  Tape tape;
  const Var x = tape.constant(table::example({12, 4}, 3));
  const auto weights = [&](Real w) {
    return tape.constant(Tensor::full({graph.num_messages(), 1}, w));
  };
  const Tensor plain = with(graph, x).value();
  check_close(with(graph, x, {.message_weights = weights(1)}).value(), plain, "weight 1");
  double change = 0;
  const Tensor none = with(graph, x, {.message_weights = weights(0)}).value();
  for (Index i = 0; i < none.size(); ++i)
    change = std::max(change, std::abs(double(none.data()[i]) - plain.data()[i]));
  CHECK(change > 0.01);
  CHECK_THROWS_WITH(without(graph, x, {.message_weights = weights(1)}),
                    Catch::Contains("without a local layer"));
}

TEST_CASE("dropout and weights of messages do not go together") {
  Random random(1);
  const Graph graph = table::example_graph(12);
  const nn::GATConv conv({.in = 5, .out = 3, .dropout = Real(0.5)}, random);
  Tape tape({.training = true});
  const Var x = tape.constant(table::example({12, 5}, 3));
  CHECK_THROWS_WITH(
      conv(graph, x,
           {.message_weights = tape.constant(Tensor::full({graph.num_messages(), 1}, 1))}),
      Catch::Contains("dropout together with weights"));
}
