// Layers that look at all nodes: DenseGATConv and GPSConv.

#include <agate/nn/conv/dense_gat_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gps_conv.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "catch.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

Graph complete(Index n) {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < n; ++i)
    for (NodeId j = 0; j < n; ++j) edges.push_back({i, j});
  return Graph::from_edges(n, edges);
}

void share_parameters(nn::Module& from, nn::Module& to) {
  const auto source = from.parameters(), target = to.parameters();
  REQUIRE(source.size() == target.size());
  for (std::size_t k = 0; k < source.size(); ++k) {
    CHECK(source[k].first == target[k].first);
    target[k].second->value = source[k].second->value;
  }
}

nn::GPSConv gps(nn::GPSConvOptions options, bool local, Random& random) {
  std::unique_ptr<nn::GraphLayer> conv;
  if (local)
    conv = nn::graph_layer(nn::GCNConv({.in = options.channels, .out = options.channels}, random));
  return {options, std::move(conv), random};
}

}  // namespace

TEST_CASE("DenseGATConv is GATConv on the complete graph with self-loops") {
  Random random(1);
  const Index n = 17;
  const Graph graph = complete(n);
  const Tensor x = table::example({n, 6}, 1);
  for (const bool concat : {true, false}) {
    const nn::GATConvOptions options{
        .in = 6, .out = 4, .heads = 3, .concat = concat, .residual = true, .attention_bias = true};
    nn::GATConv sparse(options, random);
    nn::DenseGATConv dense(options, random);
    share_parameters(sparse, dense);
    Tape a, b;
    const Var xa = a.variable(x), xb = b.variable(x);
    Tensor of_messages, of_pairs;
    const Var ya = sparse(graph, xa, {.weights = &of_messages}), yb = dense(xb, {}, &of_pairs);
    check_near(ya.value(), yb.value());
    REQUIRE(of_pairs.size() == 3 * n * n);
    CHECK(
        std::accumulate(of_pairs.data(), of_pairs.data() + of_pairs.size(), 0.0) ==
        Approx(std::accumulate(of_messages.data(), of_messages.data() + of_messages.size(), 0.0)));
    const Tensor cotangent = table::example(ya.shape(), 9);
    a.backward(ya, cotangent);
    b.backward(yb, cotangent);
    check_near(a.gradient(xa), b.gradient(xb));
    const auto of_a = sparse.parameters(), of_b = dense.parameters();
    for (std::size_t k = 0; k < of_a.size(); ++k)
      check_near(*a.gradient(*of_a[k].second), *b.gradient(*of_b[k].second));
  }
}

TEST_CASE("layers over all nodes give the graphs of a batch what each alone gets") {
  Random random(1);
  const std::vector<Index> offsets{0, 4, 4, 11};
  const Tensor x = table::example({11, 6}, 1);
  nn::DenseGATConv gat({.in = 6, .out = 4, .heads = 2}, random);
  std::vector<Edge> edges{{0, 1}, {2, 1}, {5, 4}, {6, 9}, {10, 4}};
  const Graph batch = Graph::from_edges(11, edges, {.undirected = true});
  for (auto& e : edges) e = {e.source - 4, e.target - 4};
  const Graph last = Graph::from_edges(7, std::span(edges).subspan(2), {.undirected = true});
  Tape tape;
  const Tensor y = gat(tape.constant(x), offsets).value();
  check_near(part(y, 0, 4), gat(tape.constant(part(x, 0, 4))).value());
  check_near(part(y, 4, 11), gat(tape.constant(part(x, 4, 11))).value());
  for (const std::string& norm : nn::norm_names()) {
    const auto layer = gps({.channels = 6, .heads = 2, .norm = norm}, true, random);
    Tape own;  // a tape knows parameters by their place, where those of the layer before stood
    const Tensor z = layer(batch, own.constant(x), {.offsets = offsets}).value();
    check_near(part(z, 4, 11), layer(last, own.constant(part(x, 4, 11))).value());
  }
}

TEST_CASE("GPSConv does not know the order of the nodes") {
  Random random(1);
  const Index n = 12;
  const Graph graph = table::example_graph(n);
  std::vector<Edge> edges;
  auto moved = [&](Index i) { return static_cast<NodeId>((5 * i + 2) % n); };
  for (Index i = 0; i < n; ++i)
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      edges.push_back({moved(graph.sources()[k]), moved(i)});
  const Tensor x = table::example({n, 6}, 1);
  Tensor there = Tensor::zeros({n, 6});
  for (Index i = 0; i < n; ++i) std::copy_n(x.row(i), 6, there.row(moved(i)));
  const auto layer = gps({.channels = 6, .heads = 3}, true, random);
  Tape tape;
  const Tensor y = layer(graph, tape.constant(x)).value();
  const Tensor z = layer(Graph::from_edges(n, edges), tape.constant(there)).value();
  for (Index i = 0; i < n; ++i) check_near(part(y, i, i + 1), part(z, moved(i), moved(i) + 1));
}

TEST_CASE("GPSConv without a local layer is the layer of a Transformer encoder, written out") {
  Random random(1);
  const auto layer = gps({.channels = 1, .norm = "none"}, false, random);
  std::map<std::string, Real> w;
  Real value = Real(0.3);
  for (auto& [name, p] : layer.parameters())
    for (Real& v : const_cast<Parameter*>(p)->value.values()) {
      v = value = Real(0.9) - value * Real(1.3);
      w[name + std::to_string(&v - p->value.data())] = v;
    }
  const Real x[2] = {Real(0.5), Real(-1.5)};
  Tape tape;
  const Tensor y = layer(Graph::from_edges(2, {}), tape.constant(Tensor::from({2, 1}, x))).value();
  auto third = [&](Real v, int k) {
    const std::string i = std::to_string(k);
    return v * w["attn.in_proj_weight" + i] + w["attn.in_proj_bias" + i];
  };
  for (Index i = 0; i < 2; ++i) {
    double total = 0, collected = 0;
    for (const Real key : x) {
      const double e = std::exp(third(x[i], 0) * third(key, 1));
      total += e;
      collected += e * third(key, 2);
    }
    const double s =
        x[i] + collected / total * w["attn.out_proj.weight0"] + w["attn.out_proj.bias0"];
    double expected = s + w["mlp.3.bias0"];
    for (const std::string c : {"0", "1"})
      expected +=
          w["mlp.3.weight" + c] * std::max(0.0, s * w["mlp.0.weight" + c] + w["mlp.0.bias" + c]);
    CHECK(y.data()[i] == Approx(expected));
  }
}

TEST_CASE("what layers over all nodes cannot do is refused") {
  Random random(1);
  const Graph graph = table::example_graph(5);
  CHECK(refusal([&] {
          nn::DenseGATConv({.in = 2, .out = 2, .edge_dim = 1}, random);
        }).says("edge_dim = 1, in_dst = 0, expected 0"));
  const nn::DenseGATConv gat({.in = 2, .out = 2}, random);
  Tape tape;
  auto zeros = [&](Index rows, Index cols) { return tape.constant(Tensor::zeros({rows, cols})); };
  const std::vector<Index> offsets{0, 2, 4};
  CHECK(refusal([&] { gat(zeros(5, 3)); }).says("x has 3 columns, expected in = 2"));
  CHECK(refusal([&] { gat(zeros(5, 2), offsets); }).says("the graphs end at row 4, x has 5 rows"));
  using Options = nn::GPSConvOptions;
  auto make = [&](Options o) { return refusal([&] { gps(o, false, random); }); };
  CHECK(make({.channels = 6, .heads = 4}).says("channels = 6 cannot be shared among heads = 4"));
  CHECK(make({.channels = 6, .act = "rlu"}).says("did you mean \"relu\""));
  CHECK(make({.channels = 6, .norm = "batsh"}).says("did you mean \"batch\""));
  CHECK(make({.channels = 6, .attn_type = "none"}).says("attn_type \"none\" is not known"));
  const auto layer = gps({.channels = 2}, true, random);
  CHECK(refusal([&] { layer(graph, zeros(5, 3)); }).says("x has 3 columns, expected in = 2"));
  CHECK(refusal([&] { layer(graph, zeros(4, 2)); }).says("x has 4 rows, the graph 5 nodes"));
  CHECK(refusal([&] { layer(graph, zeros(5, 2), {.offsets = offsets}); }).says("end at row 4"));
  CHECK(refusal([&] {
          layer(graph, zeros(5, 2), {.edge_attr = zeros(1, 1)});
        }).says("takes no edge_attr"));
  CHECK(refusal([&] {
          layer(graph, Features(tape, table::example_sparse(5, 2)));
        }).says("x is sparse"));
}
