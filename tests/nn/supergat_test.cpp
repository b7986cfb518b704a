// What the golden cases do not say of SuperGATConv and AGNNConv: the edge loss, weights, refusals.

#include <agate/graph/negative_edges.hpp>
#include <agate/nn/conv/agnn_conv.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <cmath>
#include <cstring>
#include <set>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

std::set<std::pair<NodeId, NodeId>> messages(const Graph& graph) {
  std::set<std::pair<NodeId, NodeId>> all;
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      all.emplace(graph.sources()[k], static_cast<NodeId>(i));
  return all;
}

double loss_of(const nn::SuperGATConv& layer, const Graph& graph, const Tensor& z, int threads = 1,
               std::uint64_t seed = 1) {
  Tape tape({.training = true, .record = false, .seed = seed, .threads = threads});
  return layer.edge_loss(graph, tape.constant(z)).value().item();
}

}  // namespace

TEST_CASE("negative edges join nodes that no message joins") {
  const Graph graph = table::example_graph(40);
  const auto linked = messages(graph);
  const auto edges = sample_negative_edges(graph, 500, {.seed = 3}, 1);
  CHECK(edges.size() > 400);
  for (const Edge& e : edges) {
    CHECK(e.source != e.target);
    CHECK(linked.count({e.source, e.target}) + linked.count({e.target, e.source}) == 0);
  }
  CHECK(sample_negative_edges(graph, 500, {.seed = 3}, 4) == edges);
  CHECK(sample_negative_edges(graph, 500, {.seed = 4}) != edges);
  const std::vector<Edge> both{{0, 1}};
  CHECK(sample_negative_edges(Graph::from_edges(2, both), 9, {}).empty());
  CHECK(sample_negative_edges(Graph(), 9, {}).empty());
  CHECK(refusal([] { sample_negative_edges(Graph::bipartite(2, 2, {}), 1, {}); }).code ==
        ErrorCode::unsupported);
}

TEST_CASE("the edge loss is the cross-entropy of linked against other pairs") {
  Random random(1);
  for (const std::string type : {"MX", "SD"}) {
    // Two groups, linked inside and not between, whose nodes are told apart by z.
    std::vector<Edge> edges;
    for (NodeId i = 0; i < 20; ++i)
      for (NodeId j = 0; j < 20; ++j)
        if (i % 2 == j % 2) edges.push_back({i, j});
    const Graph graph = Graph::from_edges(20, edges);
    nn::SuperGATConv layer({.in = 3, .out = 4, .heads = 2, .attention_type = type}, random);
    const double dot = 3, logit = type == "MX" ? dot : dot / 2;
    Tensor z = Tensor::zeros({20, 8});
    for (Index i = 0; i < 20; ++i)
      for (const Index c : {0, 4})
        z.row(i)[c] = static_cast<Real>((i % 2 ? 1 : -1) * std::sqrt(dot));
    // Each pair, positive or negative, is told apart by the same margin.
    CHECK(loss_of(layer, graph, z) == Approx(std::log1p(std::exp(-logit))));
    CHECK(loss_of(layer, graph, Tensor::zeros({20, 8})) == Approx(std::log(2)));
  }
}

TEST_CASE("the pairs of the edge loss follow seed and ratios, not threads") {
  Random random(1);
  const Graph graph = table::example_graph(3000, {.undirected = true});
  const Tensor z = table::example({3000, 6}, 1);
  nn::SuperGATConv layer(
      {.in = 3, .out = 3, .heads = 2, .neg_sample_ratio = 1, .edge_sample_ratio = Real(0.3)},
      random);
  const double loss = loss_of(layer, graph, z);
  CHECK(loss_of(layer, graph, z, 4) == loss);
  CHECK(loss_of(layer, graph, z, 1, 2) != loss);
  const Graph none = Graph::from_edges(0, {});
  CHECK(loss_of(layer, none, Tensor::zeros({0, 6})) == 0);
}

TEST_CASE("SuperGATConv and AGNNConv give their weights, which sum to 1") {
  Random random(1);
  const Graph graph = table::example_graph(12);
  const Tensor x = table::example({12, 5}, 1);
  nn::SuperGATConv super({.in = 5, .out = 3, .heads = 2}, random);
  nn::AGNNConv agnn;
  Tape tape;
  Tensor of_super, of_agnn;
  super(graph, tape.constant(x), {.weights = &of_super});
  agnn(graph, tape.constant(x), {.weights = &of_agnn});
  const Graph& looped = agnn.attended_graph(graph);
  REQUIRE(of_super.shape() == Shape{looped.num_messages(), 2});
  REQUIRE(of_agnn.shape() == Shape{looped.num_messages(), 1});
  for (Index i = 0; i < 12; ++i) {
    double sums[3] = {};
    for (Index k = looped.offsets()[i]; k < looped.offsets()[i + 1]; ++k) {
      sums[0] += of_super.row(k)[0];
      sums[1] += of_super.row(k)[1];
      sums[2] += of_agnn.row(k)[0];
    }
    for (const double sum : sums) CHECK(sum == Approx(1));
  }
}

TEST_CASE("beta of AGNNConv is learned, or a buffer") {
  const nn::AGNNConv learned, fixed({.requires_grad = false});
  CHECK(learned.num_parameters() == 1);
  CHECK(fixed.num_parameters() == 0);
  CHECK(fixed.parameters().size() == 1);
}

TEST_CASE("what SuperGATConv and AGNNConv cannot do is refused") {
  Random random(1);
  const Graph graph = table::example_graph(5), two = Graph::bipartite(2, 5, {});
  using Options = nn::SuperGATConvOptions;
  auto make = [&](Options o) { return refusal([&] { nn::SuperGATConv(o, random); }); };
  CHECK(make({.in = 1, .out = 1, .attention_type = "GO"}).says("expected MX or SD"));
  CHECK(make({.in = 1, .out = 1, .edge_sample_ratio = 2}).says("edge_sample_ratio = 2"));
  CHECK(make({.in = 1, .out = 1, .neg_sample_ratio = 0}).code == ErrorCode::value);
  CHECK(make({.in = 0, .out = 1}).says("in = 0"));
  nn::SuperGATConv super({.in = 3, .out = 2}, random);
  nn::AGNNConv agnn;
  Tape tape;
  auto zeros = [&](Index rows, Index cols) { return tape.constant(Tensor::zeros({rows, cols})); };
  CHECK(refusal([&] { super(graph, zeros(5, 4)); }).says("x has 4 columns, expected in = 3"));
  CHECK(refusal([&] { super(two, zeros(5, 3)); }).code == ErrorCode::shape);
  CHECK(refusal([&] {
          super(graph, zeros(5, 3), {.edge_attr = zeros(5, 1)});
        }).says("edge_attr given"));
  CHECK(refusal([&] { super.edge_loss(graph, zeros(4, 2)); }).says("4 and 4 rows"));
  CHECK(refusal([&] { agnn(graph, zeros(4, 3)); }).says("x has 4 rows, the graph 5 nodes"));
  CHECK(refusal([&] {
          agnn(graph, Features(tape, table::example_sparse(5, 3)));
        }).says("x is sparse"));
}
