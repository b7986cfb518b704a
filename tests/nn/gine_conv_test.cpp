#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/conv/graph_layer.hpp>
#include <agate/nn/conv/relu_messages.hpp>
#include <cmath>

#include "catch.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

Tensor plain(const Graph& graph, const Tensor& x, const Tensor* edge) {
  Tensor y = Tensor::zeros({graph.num_targets(), x.cols()});
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      for (Index c = 0; c < x.cols(); ++c) {
        const Index id = graph.edge_ids()[k];
        const Real term = edge && id >= 0 ? edge->row(id)[c] : Real(0);
        y.row(i)[c] += std::max(Real(0), x.row(graph.sources()[k])[c] + term);
      }
  return y;
}

nn::GINEConv layer(Index edge_dim, Random& random) {
  return {
      {.eps = Real(0.25), .edge_dim = edge_dim}, nn::MLP({.channels = {3, 4, 2}}, random), random};
}

}  // namespace

TEST_CASE("relu_messages is the sum over messages, edges by the caller's ids") {
  const Graph graph = table::example_graph(14, {.undirected = true});
  const Tensor x = table::example({14, 19}, 1), edge = table::example({graph.num_edges(), 19}, 2);
  for (const Graph& on : {graph, graph.with_self_loops(), table::example_graph(14)}) {
    Tape tape;
    const Var nodes = tape.constant(x);
    check_near(nn::relu_messages(on, nodes).value(), plain(on, x, nullptr));
    if (on.num_edges() == graph.num_edges())
      check_near(nn::relu_messages(on, nodes, tape.constant(edge)).value(), plain(on, x, &edge));
  }
  const std::vector<Edge> edges{{0, 1}, {2, 1}, {2, 0}};
  const Graph two = Graph::bipartite(3, 2, edges);
  Tape tape;
  const Var y = nn::relu_messages(two, tape.constant(Tensor::from({3, 1}, {1, 7, 3})),
                                  tape.constant(Tensor::from({3, 1}, {10, -4, 2})));
  check_near(y.value(), Tensor::from({2, 1}, {5, 11}));
}

TEST_CASE("GINEConv is its formula") {
  Random random(2);
  nn::GINEConv conv = layer(0, random);
  const Graph graph = table::example_graph(9, {.undirected = true});
  const Tensor x = table::example({9, 3}, 1), edge = table::example({graph.num_edges(), 3}, 2);
  Tape tape;
  for (const bool with : {false, true}) {
    Tensor sum = plain(graph, x, with ? &edge : nullptr);
    for (Index i = 0; i < sum.size(); ++i) sum.data()[i] += Real(1.25) * x.data()[i];
    nn::AttentionArgs args;
    if (with) args.edge_attr = tape.constant(edge);
    check_near(conv(graph, tape.constant(x), args).value(), conv.mlp(tape.constant(sum)).value());
  }
  std::string names;
  for (const auto& [name, p] : layer(2, random).parameters())
    names += name + (p->trainable ? " " : "* ");
  CHECK(names == "eps* nn.0.weight nn.0.bias nn.2.weight nn.2.bias lin.weight lin.bias ");
  const auto any = nn::graph_layer(layer(0, random));
  CHECK(any->attended_graph(graph).num_messages() == graph.num_messages());
  CHECK((*any)(graph, tape.constant(x), {.edge_attr = tape.constant(edge)}).cols() == 2);
}

TEST_CASE("what GINEConv cannot do is refused") {
  Random random(2);
  const nn::GINEConv wide = layer(0, random), narrow = layer(2, random);
  const Graph graph = table::example_graph(5);
  Tape tape;
  const auto zeros = [&](Index n, Index c) { return tape.constant(Tensor::zeros({n, c})); };
  const Var x = zeros(5, 3), two = zeros(graph.num_edges(), 2);
  CHECK(refusal([&] { wide(graph, zeros(5, 4)); }).says("x has 4 columns, expected in = 3"));
  CHECK(refusal([&] { wide(graph, zeros(6, 3)); }).says("x has 6 rows, the graph 5 nodes"));
  CHECK(refusal([&] {
          wide(graph, x, {.edge_attr = two});
        }).says("edge_attr has 2 columns, expected as many as x, 3"));
  CHECK(refusal([&] { narrow(graph, x); }).says("edge_attr is missing, expected edge_dim = 2"));
  CHECK(refusal([&] {
          narrow(graph, x, {.edge_attr = zeros(graph.num_edges(), 3)});
        }).says("edge_attr has 3 columns, expected edge_dim = 2"));
  CHECK(refusal([&] { narrow(graph, x, {.edge_attr = zeros(1, 2)}); }).says("terms of 1 x 3"));
  CHECK(refusal([&] { wide(graph, Features(tape, table::example_sparse(5, 3))); }).code ==
        ErrorCode::unsupported);
  CHECK(refusal([&] { layer(-1, random); }).says("edge_dim = -1"));
}
