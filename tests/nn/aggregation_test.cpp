// What holds for every layer that aggregates neighbours: GCNConv, SAGEConv, GINConv.

#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/tensor/sparse_max.hpp>
#include <agate/tensor/symmetric_normalize.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

#include "catch.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

constexpr Index in = 6;
constexpr Real nan_value = std::numeric_limits<Real>::quiet_NaN();

struct Layer {
  std::string name;
  std::shared_ptr<nn::Module> module;
  std::function<Var(const Graph&, const Features&)> run;
};

template <class Module>
Layer named(std::string name, Module module) {
  auto shared = std::make_shared<Module>(std::move(module));
  return {std::move(name), shared,
          [shared](const Graph& graph, const Features& x) { return (*shared)(graph, x); }};
}

// Weights that depend on the nodes alone, so that they follow when the nodes are relabelled.
Layer weighted(std::string name, nn::GCNConv module) {
  auto shared = std::make_shared<nn::GCNConv>(std::move(module));
  return {std::move(name), shared, [shared](const Graph& graph, const Features& x) {
            Tensor weights = Tensor::zeros({graph.num_edges(), 1});
            for (Index i = 0; i < graph.num_targets(); ++i)
              for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
                weights.data()[graph.edge_ids()[p]] = graph.sources()[p] == i ? Real(2) : Real(0.5);
            return (*shared)(graph, x, x.tape().constant(weights));
          }};
}

std::vector<Layer> aggregating_layers() {
  Random random(8);
  std::vector<Layer> all;
  // Narrower outputs are aggregated after the projection, wider ones before it.
  for (const Index out : {Index{3}, Index{9}}) {
    const std::string size = ", out = " + std::to_string(out);
    all.push_back(named("GCNConv" + size, nn::GCNConv({.in = in, .out = out}, random)));
    all.push_back(weighted("GCNConv, weights" + size, nn::GCNConv({.in = in, .out = out}, random)));
    for (const char* aggr : {"mean", "max", "sum"})
      for (const bool rest : {false, true})
        all.push_back(named(
            std::string("SAGEConv ") + aggr + (rest ? ", all options" : "") + size,
            nn::SAGEConv({.in = in, .out = out, .aggr = aggr, .normalize = rest, .project = rest},
                         random)));
    all.push_back(
        named("GINConv" + size,
              nn::GINConv({.eps = Real(0.3), .train_eps = true},
                          nn::MLP({.channels = {in, out, 4}, .activation = "tanh"}, random))));
  }
  for (const Layer& layer : all)
    for (auto& [key, parameter] : layer.module->parameters())
      if (key.find("bias") != std::string::npos)
        parameter->value = table::example(parameter->value.shape(), 7);
  return all;
}

Tensor output(const Layer& layer, const Graph& graph, const FeatureMatrix& x) {
  Tape tape({.record = false, .threads = 1});
  return layer.run(graph, Features(tape, x)).value();
}

std::vector<Edge> message_edges(const Graph& graph) {
  std::vector<Edge> edges;
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      edges.push_back({graph.sources()[p], static_cast<NodeId>(i)});
  return edges;
}

}  // namespace

TEST_CASE("relabelling the nodes permutes the output of an aggregating layer") {
  const Index n = 23;
  const Graph graph = table::example_graph(n);
  std::vector<NodeId> label(n);
  for (Index i = 0; i < n; ++i) label[i] = static_cast<NodeId>((7 * i + 5) % n);
  std::vector<Edge> edges = message_edges(graph);
  for (Edge& e : edges) e = {label[e.source], label[e.target]};
  const Graph relabelled = Graph::from_edges(n, edges);
  const Tensor x = table::example({n, in}, 1);
  Tensor moved = Tensor::uninitialized(x.shape());
  for (Index i = 0; i < n; ++i) std::copy_n(x.row(i), in, moved.row(label[i]));
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    const Tensor y = output(layer, graph, x);
    const Tensor there = output(layer, relabelled, moved);
    Tensor back = Tensor::uninitialized(y.shape());
    for (Index i = 0; i < n; ++i) std::copy_n(there.row(label[i]), y.cols(), back.row(i));
    check_near(y, back);
  }
}

TEST_CASE("an isolated node is as if it were alone") {
  const Index n = 12, last = n - 1;
  const Graph graph = table::example_graph(n), alone = Graph::from_edges(1, {});
  const Tensor x = table::example({n, in}, 1);
  const Tensor own = Tensor::from({1, in}, {x.row(last), std::size_t(in)});
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    const Tensor y = output(layer, graph, x), one = output(layer, alone, own);
    REQUIRE(one.rows() == 1);
    for (Index c = 0; c < y.cols(); ++c) CHECK(y.row(last)[c] == Approx(one.data()[c]));
    CHECK(output(layer, Graph::from_edges(0, {}), Tensor::zeros({0, in})).rows() == 0);
  }
}

TEST_CASE("a duplicate edge counts twice in a sum and a mean, and once in a maximum") {
  const std::vector<Edge> edges{{1, 0}, {1, 0}, {2, 0}};
  const Graph twice = Graph::from_edges(3, edges);
  const Tensor x = Tensor::from({3, 1}, {10, 1, 4});
  Random random(1);
  auto collected = [&](const char* aggr) {
    nn::SAGEConv layer({.in = 1, .out = 1, .aggr = aggr, .root_weight = false, .bias = false},
                       random);
    layer.lin_l.weight.value.fill(1);
    Tape tape;
    return layer(twice, tape.constant(x)).value().data()[0];
  };
  CHECK(collected("sum") == Real(6));
  CHECK(collected("add") == Real(6));
  CHECK(collected("mean") == Approx(2));
  CHECK(collected("max") == Real(4));
  nn::GINConv gin({.eps = Real(0.5)}, nn::MLP({.channels = {1, 1}}, random));
  gin.mlp.parameters()[0].second->value.fill(1);
  gin.mlp.parameters()[1].second->value.fill(0);
  Tape tape;
  CHECK(gin(twice, tape.constant(x)).value().data()[0] == Approx(1.5 * 10 + 6));
}

TEST_CASE("NaN in one row of x reaches exactly the rows that see it") {
  const Index n = 14, sick = 3;
  const Graph graph = table::example_graph(n);
  Tensor x = table::example({n, in}, 1);
  std::fill_n(x.row(sick), in, nan_value);
  std::set<Index> seeing{sick};
  for (const Edge& e : message_edges(graph))
    if (e.source == sick) seeing.insert(e.target);
  REQUIRE(seeing.size() > 1);
  REQUIRE(Index(seeing.size()) < n);
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    const Tensor y = output(layer, graph, x);
    for (Index i = 0; i < n; ++i)
      for (Index c = 0; c < y.cols(); ++c)
        REQUIRE(bool(std::isnan(y.row(i)[c])) == (seeing.count(i) > 0));
  }
}

TEST_CASE("sparse features give what the same features give dense") {
  const Index n = 12;
  const Graph graph = table::example_graph(n, {.undirected = true});
  const SparseMatrix sparse = table::example_sparse(n, in);
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    if (layer.name.find("max, out") != std::string::npos)
      CHECK(refusal([&] { output(layer, graph, sparse); }).says("maximum of sparse features"));
    else
      check_near(output(layer, graph, sparse), output(layer, graph, sparse.to_dense()));
  }
}

TEST_CASE("an aggregating layer gives the same bits with any number of threads") {
  const Index n = 3000;
  const Graph graph = table::example_graph(n, {.undirected = true});
  const Tensor x = table::example({n, in}, 1);
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    std::vector<Tensor> first;
    for (const int threads : {1, 2, 3, 4, 8}) {
      Tape tape({.training = true, .threads = threads});
      const Var input = tape.variable(x);
      const Var y = layer.run(graph, input);
      tape.backward(y, table::example(y.shape(), 99));
      std::vector<Tensor> found{y.value(), tape.gradient(input)};
      for (auto& [key, parameter] : layer.module->parameters())
        found.push_back(*tape.gradient(*parameter));
      if (first.empty()) first = found;
      for (std::size_t k = 0; k < found.size(); ++k)
        CHECK(std::memcmp(first[k].data(), found[k].data(),
                          sizeof(Real) * std::size_t(found[k].size())) == 0);
    }
  }
}

TEST_CASE("features and graphs that do not fit an aggregating layer are refused") {
  const Graph graph = table::example_graph(5), two = Graph::bipartite(2, 5, {});
  for (const Layer& layer : aggregating_layers()) {
    INFO(layer.name);
    auto refused = [&](const Graph& g, Shape shape) {
      return refusal([&] { output(layer, g, Tensor::zeros(shape)); });
    };
    CHECK(refused(graph, {5, 7}).says("x has 7 columns, expected in = 6"));
    CHECK(refused(graph, {4, 6}).says("x has 4 rows, the graph 5 nodes"));
    CHECK(refused(two, {5, 6}).code == ErrorCode::shape);
  }
  Random random(1);
  CHECK(refusal([&] {
          nn::SAGEConv({.in = 2, .out = 2, .aggr = "meen"}, random);
        }).says("did you mean \"mean\""));
  CHECK(refusal([&] { nn::SAGEConv({.in = 0, .out = 2}, random); }).says("in = 0"));
  CHECK(refusal([&] {
          nn::SAGEConv({.in = 2, .in_dst = -1, .out = 2}, random);
        }).says("in_dst = -1"));
  CHECK(refusal([&] { nn::MLP({.channels = {4}}, random); }).says("1 channels"));
  CHECK(refusal([&] { nn::MLP({.channels = {4, 0}}, random); }).code == ErrorCode::value);
  CHECK(refusal([&] {
          nn::MLP({.channels = {4, 2}, .activation = "rely"}, random);
        }).says("did you mean \"relu\""));
}

TEST_CASE("SAGEConv serves two sets of nodes") {
  const std::vector<Edge> edges{{0, 0}, {2, 0}, {1, 1}};
  const Graph graph = Graph::bipartite(3, 4, edges);
  Random random(1);
  nn::SAGEConv layer({.in = 2, .in_dst = 1, .out = 1, .bias = false}, random);
  layer.lin_l.weight.value = Tensor::from({1, 2}, {1, 10});
  layer.lin_r->weight.value = Tensor::from({1, 1}, {100});
  Tape tape;
  const Var src = tape.constant(Tensor::from({3, 2}, {1, 2, 3, 4, 5, 6}));
  const Var dst = tape.constant(Tensor::from({4, 1}, {1, 2, 3, 4}));
  check_near(layer(graph, src, dst).value(), Tensor::from({4, 1}, {143, 243, 300, 400}));
  CHECK(refusal([&] { layer(graph, dst, src); }).says("x_src has 1 columns, expected in = 2"));
  CHECK(refusal([&] { layer(Graph::bipartite(3, 5, {}), src, dst); }).says("x_dst 4"));
}

TEST_CASE("the parameters of GINConv stand under torch's names") {
  Random random(1);
  auto names = [&](const nn::GINConv& gin) {
    std::string all;
    for (const auto& [name, parameter] : gin.parameters())
      all += name + (parameter->trainable ? " " : "* ");
    return all;
  };
  CHECK(names(nn::GINConv({}, nn::MLP({.channels = {2, 3, 4}}, random))) ==
        "eps* nn.0.weight nn.0.bias nn.2.weight nn.2.bias ");
  CHECK(names(nn::GINConv({.train_eps = true},
                          nn::MLP({.channels = {2, 3, 4}, .batch_norm = true}, random))) ==
        "eps nn.0.weight nn.0.bias nn.1.module.weight nn.1.module.bias nn.1.module.running_mean* "
        "nn.1.module.running_var* nn.1.module.num_batches_tracked* nn.3.weight nn.3.bias ");
}

TEST_CASE("entries that share the maximum share its gradient") {
  const SparseMatrix pattern(2, 4, {{0, 3, 3}, {0, 1, 3}, {1, 1, 1}});
  Tape tape;
  const Var x = tape.variable(Tensor::from({4, 2}, {-1, 2, -1, 7, 9, 9, -5, nan_value}));
  const Var y = sparse_max(pattern, x);
  CHECK(y.value().row(0)[0] == -1);
  CHECK(std::isnan(y.value().row(0)[1]));
  CHECK(y.value().row(1)[0] == 0);
  CHECK(y.value().row(1)[1] == 0);
  tape.backward(y, Tensor::from({2, 2}, {4, 0, 8, 8}));
  const Tensor dx = tape.gradient(x);
  const std::vector<Real> first{dx.row(0)[0], dx.row(1)[0], dx.row(2)[0], dx.row(3)[0]};
  CHECK(first == std::vector<Real>{2, 2, 0, 0});
  CHECK(refusal([&] { sparse_max(SparseMatrix(1, 3, {{0, 0}, {}, {}}), x); }).says("1 x 3 over"));
}

TEST_CASE("GCNConv with weights of 1 is GCNConv without weights") {
  const Index n = 12;
  Random random(1);
  for (const bool undirected : {false, true})
    for (const bool loops : {false, true})
      for (const bool normalize : {false, true}) {
        const Graph graph = table::example_graph(n, {.undirected = undirected});
        nn::GCNConv layer({.in = in, .out = 3, .add_self_loops = loops, .normalize = normalize},
                          random);
        Tape tape;
        const Var x = tape.constant(table::example({n, in}, 1));
        const Var ones = tape.constant(Tensor::full({graph.num_edges(), 1}, 1));
        check_near(layer(graph, x, ones).value(), layer(graph, x).value());
      }
}

TEST_CASE("GCNConv normalises the weights that it is given") {
  // 0 -> 1 of weight 3, a loop of weight 4 at 0; the loop of 1 is the layer's.
  const std::vector<Edge> edges{{0, 1}, {0, 0}};
  const Graph graph = Graph::from_edges(2, edges);
  Random random(1);
  auto second_row = [&](bool improved, Real weight) {
    nn::GCNConv layer({.in = 1, .out = 1, .improved = improved, .bias = false}, random);
    layer.weight.value.fill(1);
    Tape tape;
    const Var y = layer(graph, tape.constant(Tensor::from({2, 1}, {10, 1})),
                        tape.constant(Tensor::from({2, 1}, {weight, 4})));
    CHECK(y.value().data()[0] == Approx(10));
    return y.value().data()[1];
  };
  CHECK(second_row(false, 3) == Approx(3 * 10 / std::sqrt(4.0 * 4) + 1.0 / 4));
  CHECK(second_row(true, 3) == Approx(3 * 10 / std::sqrt(4.0 * 5) + 2.0 / 5));
  CHECK(second_row(false, -1) == 0);
  CHECK(std::isnan(second_row(false, nan_value)));
  CHECK(refusal([&] { second_row(false, -2); }).says("the weights of row 1 sum to -1"));

  nn::GCNConv layer({.in = 1, .out = 1}, random);
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({2, 1})), w = tape.constant(Tensor::zeros({3, 1}));
  CHECK(refusal([&] { layer(graph, x, w); }).says("edge_weight has shape 3 x 1, expected 2 x 1"));
}

TEST_CASE("sums by a matrix and normalised values ask for one value per entry") {
  Tape tape;
  const SparseMatrix pattern(2, 3, {{0, 2, 3}, {0, 1, 2}, {1, 1, 1}});
  const Var x = tape.constant(Tensor::zeros({3, 2})), two = tape.constant(Tensor::zeros({2}));
  CHECK(refusal([&] { sparse_matmul(pattern, two, x); }).says("2 values for 3 entries"));
  CHECK(refusal([&] {
          symmetric_normalize(pattern, tape.constant(Tensor::zeros({3})));
        }).says("expected a square one"));
}
