// Predictions that follow a changing graph are those of a full pass.
#include <agate/graph/edges.hpp>
#include <agate/models/incremental.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

// A graph as a list, beside which the predictor must stay.
struct Whole {
  Index n;
  std::vector<Edge> edges;
  std::vector<std::vector<Real>> attr;
  Tensor x;
  bool undirected, sparse;

  Graph graph() const { return Graph::from_edges(n, edges, {.undirected = undirected}); }
  FeatureMatrix features() const {
    if (!sparse) return x;
    CsrArrays a{{0}, {}, {}};
    for (Index i = 0; i < n; ++i) {
      for (Index c = 0; c < x.cols(); ++c)
        if (x.row(i)[c] != 0) {
          a.columns.push_back(static_cast<NodeId>(c));
          a.values.push_back(x.row(i)[c]);
        }
      a.offsets.push_back(std::ssize(a.columns));
    }
    return SparseMatrix(n, x.cols(), std::move(a));
  }
  Tensor edge_attr() const {
    if (attr.empty() || attr.front().empty()) return {};
    Tensor t = Tensor::uninitialized({std::ssize(attr), std::ssize(attr.front())});
    for (Index e = 0; e < t.rows(); ++e)
      std::ranges::copy(attr[static_cast<std::size_t>(e)], t.row(e));
    return t;
  }
};

// The largest, in units of the largest output.
double relative_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double worst = 0, most = 1;
  for (Index k = 0; k < a.size(); ++k) {
    worst = std::max(worst, std::abs(double(a.data()[k]) - double(b.data()[k])));
    most = std::max(most, std::abs(double(b.data()[k])));
  }
  return worst / most;
}

Tensor full_pass(const models::Model& model, const Whole& w) {
  Tape tape({.record = false});
  models::Input input{w.graph(), Features(tape, model.prepare(w.features()))};
  if (const Tensor attr = w.edge_attr(); !attr.empty()) input.edge_attr = tape.constant(attr);
  return model.forward(input).value();
}

models::ModelConfig config_of(const std::string& name) {
  models::ModelConfig c{.model = name, .in = 6, .out = 3};
  c.hidden = 4;
  c.heads = 2;
  c.norm = "layer";
  if (name == "agnn") {
    c.norm = "none";
    c.pre_linear = c.post_linear = true;
  }
  if (name == "gine") c.pre_linear = true;
  return c;
}

// Random changes, a few at a time, each followed by a comparison.
void follow(const models::ModelConfig& config, bool undirected, bool sparse, Index edge_columns) {
  INFO(config.model << " undirected " << undirected << " sparse " << sparse);
  Random random(4);
  const Index n = 60;
  Whole w{n, {}, {}, Tensor::zeros({n, 6}), undirected, sparse};
  const auto node = [&] {
    return static_cast<NodeId>(random.below(static_cast<std::uint64_t>(n)));
  };
  const auto row = [&](Index columns) {
    std::vector<Real> values(static_cast<std::size_t>(columns));
    for (Real& v : values)
      v = sparse && random.uniform() < 0.5 ? Real(0) : static_cast<Real>(random.uniform());
    return values;
  };
  for (int e = 0; e < 70; ++e) {
    w.edges.push_back({node(), node()});  // loops and duplicates among them
    w.attr.push_back(row(edge_columns));
  }
  for (Index i = 0; i < n; ++i) std::ranges::copy(row(6), w.x.row(i));
  const std::shared_ptr<const models::Model> model = models::make_model(config, 7);
  models::IncrementalPredictor predictor(model, w.graph(), w.features(), w.edge_attr());
  CHECK(relative_difference(predictor.outputs(), full_pass(*model, w)) < 1e-6);

  for (int step = 0; step < 12; ++step) {
    const Tensor before = predictor.outputs().clone();
    for (int change = 0; change <= step % 3; ++change) {
      const auto kind = random.below(3);
      if (kind == 0) {
        w.edges.push_back({node(), node()});
        w.attr.push_back(row(edge_columns));
        predictor.add_edge(w.edges.back(), w.attr.back());
      } else if (kind == 1) {
        // The last of those that run so, as the predictor does.
        const Edge gone = w.edges[random.below(w.edges.size())];
        const auto same = [&](const Edge& e) {
          return e == gone || (undirected && e == Edge{gone.target, gone.source});
        };
        auto at = w.edges.size();
        while (!same(w.edges[--at])) {
        }
        w.edges.erase(w.edges.begin() + static_cast<std::ptrdiff_t>(at));
        w.attr.erase(w.attr.begin() + static_cast<std::ptrdiff_t>(at));
        predictor.remove_edge(gone);
      } else {
        const NodeId i = node();
        const auto values = row(6);
        std::ranges::copy(values, w.x.row(i));
        predictor.set_features(i, values);
      }
    }
    const auto changed = predictor.update();
    CHECK(predictor.num_edges() == std::ssize(w.edges));
    CHECK(relative_difference(predictor.outputs(), full_pass(*model, w)) < 1e-6);
    CHECK(std::ranges::is_sorted(changed));
    for (Index i = 0; i < n; ++i)
      if (!std::ranges::binary_search(changed, i))
        CHECK(std::equal(before.row(i), before.row(i) + 3, predictor.outputs().row(i)));
  }
}

}  // namespace

TEST_CASE("incremental predictions are those of a full pass, for every local model") {
  for (const auto& info : models::model_registry()) {
    if (!info.local || info.name == "attentive_fp") continue;
    for (const bool undirected : {false, true})
      for (const bool sparse : {false, true}) {
        auto config = config_of(info.name);
        follow(config, undirected, sparse && info.name != "gine", 0);
        if (!info.edge_features) continue;
        config.edge_dim = 2;
        follow(config, undirected, false, 2);
      }
  }
}

TEST_CASE("incremental predictions with residuals, jumping knowledge, batch norm and no loops") {
  auto c = config_of("gat");
  c.layers = 3;
  c.residual = true;
  c.post_linear = true;
  for (const char* jk : {"last", "cat", "max"}) {
    c.jk = jk;
    follow(c, true, false, 0);
  }
  c.norm = "batch";
  c.pre_linear = true;
  follow(c, false, true, 0);
  for (const char* name : {"gat", "gcn"}) {
    auto without = config_of(name);
    without.self_loops = false;
    follow(without, false, false, 0);
  }
  auto sums = config_of("sage");
  sums.aggr = "sum";
  sums.normalize = "rows";
  follow(sums, true, true, 0);
}

TEST_CASE("one edge changes what is near it and nothing else") {
  // A path: with two layers of GAT a new edge at its start reaches nodes that are two messages
  // away.
  std::vector<Edge> path;
  for (NodeId i = 1; i < 100; ++i) path.push_back({i - 1, i});
  Random random(1);
  Tensor x = Tensor::uninitialized({100, 6});
  for (Real& v : x.values()) v = static_cast<Real>(random.normal());
  const std::shared_ptr<const models::Model> model = models::make_model(config_of("gat"), 1);
  models::IncrementalPredictor predictor(model, Graph::from_edges(100, path), x);
  CHECK(predictor.update().empty());
  predictor.add_edge({50, 10});
  CHECK(predictor.update() == std::vector<Index>{10, 11});
  predictor.remove_edge({50, 10});
  CHECK(predictor.update() == std::vector<Index>{10, 11});
  predictor.set_features(20, std::vector<Real>(6, 1));
  CHECK(predictor.update() == std::vector<Index>{20, 21, 22});
}

TEST_CASE("layer by layer, some nodes at a time, in memory and in files: the same") {
  const auto d = planted(300);
  for (const char* name : {"gat", "gatv2", "gcn", "sage", "gin", "transformer_conv"})
    for (const Index portion : {1, 37, 1000})
      for (const std::string folder : {"", "/tmp"}) {
        INFO(name << " " << portion << " " << folder);
        auto c = config_of(name);
        c.in = 4;
        c.layers = 3;
        const auto model = models::make_model(c, 2);
        const Tensor full = model->predict(d.graph, d.x);
        const Tensor said = models::predict_layerwise(
            *model, d.graph, d.x, {.nodes_at_a_time = portion, .folder = folder});
        CHECK(relative_difference(said, full) < 1e-6);
      }
  auto c = config_of("gat");
  c.in = 4;
  c.post_linear = c.pre_linear = true;
  c.jk = "cat";
  const auto model = models::make_model(c, 2);
  CHECK(
      relative_difference(models::predict_layerwise(*model, d.graph, d.x, {.nodes_at_a_time = 50}),
                          model->predict(d.graph, d.x)) < 1e-6);
}

TEST_CASE("what cannot be followed is refused") {
  const auto d = planted(20);
  const auto made = [](models::ModelConfig c) -> std::shared_ptr<const models::Model> {
    c.in = 4;
    c.out = 2;
    return models::make_model(c, 1);
  };
  models::ModelConfig dense{.model = "dense_gat"}, whole{.model = "gin", .task = "graph"};
  for (const auto& config : {dense, whole})
    CHECK(refusal([&] { models::IncrementalPredictor(made(config), d.graph, d.x); }).code ==
          ErrorCode::unsupported);
  models::IncrementalPredictor p(made({}), d.graph, d.x);
  CHECK(refusal([&] { p.add_edge({0, 20}); }).says("node 20, there are 20"));
  CHECK(refusal([&] { p.add_edge({0, 1}, std::vector<Real>{1}); }).code == ErrorCode::shape);
  CHECK(refusal([&] { p.set_features(0, std::vector<Real>(3)); }).code == ErrorCode::shape);
  CHECK(refusal([&] { p.set_features(0, std::vector<Real>(4, NAN)); }).code == ErrorCode::value);
  CHECK(refusal([&] { p.remove_edge({0, 0}); }).code == ErrorCode::not_found);
  CHECK(refusal([&] {
          models::predict_layerwise(*made({}), d.graph, d.x, {.folder = "/nowhere/at/all"});
        }).code == ErrorCode::io);
  CHECK(refusal([&] {
          models::predict_layerwise(*made({}), d.graph, d.x, {.nodes_at_a_time = 0});
        }).code == ErrorCode::value);
}
