#include <agate/data/subgraph.hpp>
#include <agate/explain/item_explanation.hpp>
#include <agate/graph/edges.hpp>
#include <agate/models/predict.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "catch.hpp"

using namespace agate;
using explain::explain_item;

namespace {

/// A path of 12 nodes 0 - 1 - 2 ..., a triangle at its start; features random. Of graphs the path
/// is cut into two, of five nodes and of seven.
data::Dataset path(data::Task task = data::Task::node) {
  std::vector<Edge> edges;
  for (NodeId i = 0; i + 1 < 12; ++i)
    if (i != 4 || task != data::Task::graph) edges.push_back({i, i + 1});
  edges.push_back({0, 2});
  data::Dataset d{.name = "path",
                  .graph = Graph::from_edges(12, edges, {.undirected = true}),
                  .x = Tensor::uninitialized({12, 4}),
                  .task = task};
  Random random(3);
  for (Real& v : std::get<Tensor>(d.x).values()) v = static_cast<Real>(random.normal());
  d.classes = {"a", "b", "c"};
  if (task == data::Task::node) d.y.assign(12, 1);
  if (task == data::Task::graph) d.graph_offsets = {0, 5, 12}, d.y = {1, 2};
  if (task == data::Task::edge) d.pairs = edges, d.y.assign(edges.size(), 1);
  if (task == data::Task::link) {
    d.pairs = {{0, 1}, {3, 9}};
    d.y = {1, 0};
    d.classes = {"no link", "link"};
  }
  return d;
}

std::unique_ptr<models::Model> trained_model(const data::Dataset& d, const std::string& name,
                                             const std::string& decoder = "dot") {
  const bool link = d.task == data::Task::link;
  return models::make_model({.model = name,
                             .in = 4,
                             .out = link ? 1 : 3,
                             .task = data::to_string(d.task),
                             .layers = 2,
                             .hidden = 8,
                             .heads = 2,
                             .dropout = 0,
                             .attention_dropout = 0,
                             .pre_linear = name == "agnn" || name == "gps" || name == "gine",
                             .post_linear = name == "agnn" || name == "gps",
                             .decoder = decoder,
                             .normalize = "none"},
                            3);
}

double log_odds(const models::Model& model, const data::Dataset& d, Index item, Index c) {
  const Tensor y = models::predict(model, d);
  if (y.cols() == 1) return y.row(item)[0];
  double rest = 0;
  for (Index k = 0; k < y.cols(); ++k)
    if (k != c) rest += std::exp(y.row(item)[k]);
  return y.row(item)[c] - std::log(rest);
}

}  // namespace

TEST_CASE("the part of the graph that is looked at gives the answer of the whole") {
  for (const auto task : {data::Task::node, data::Task::edge, data::Task::link, data::Task::graph})
    for (const char* name : {"gat", "gatv2", "gcn", "sage", "gin", "transformer_conv"}) {
      INFO(name << " " << data::to_string(task));
      const auto d = path(task);
      const auto model = trained_model(d, name);
      for (const Index item : {0, 1}) {
        const auto e = explain_item("gradient", *model, d, item, 0);
        CHECK(e.answer == Approx(log_odds(*model, d, item, 0)).margin(1e-5));
        CHECK(e.edges.size() == e.edge_scores.size());
        CHECK(e.edges.size() < static_cast<std::size_t>(d.graph.num_edges()));
      }
    }
}

TEST_CASE("what the common neighbours of a pair hold is looked at too") {
  auto d = path(data::Task::link);
  d.pairs = {{0, 1}, {3, 5}};
  const auto model = trained_model(d, "gat", "common_neighbors");
  for (const Index item : {0, 1}) {
    const auto e = explain_item("occlusion", *model, d, item, 0);
    CHECK(e.answer == Approx(log_odds(*model, d, item, 0)).margin(1e-5));
  }
}

TEST_CASE("only the edges within reach of the layers have a score") {
  const auto d = path();
  const auto e = explain_item("gradient", *trained_model(d, "gat"), d, 8, 1);
  // 7-8, 8-9 of the last layer, 6-7, 9-10 of the first.
  CHECK(e.edges == std::vector<Index>{6, 7, 8, 9});
  for (double s : e.edge_scores) CHECK(s != 0);
}

TEST_CASE("occlusion is the answer with and without, of edges and of features") {
  for (const char* name : {"gcn", "gatv2"}) {
    const auto d = path();
    const auto model = trained_model(d, name);
    Index told = 0, last = 0;
    const auto e =
        explain_item("occlusion", *model, d, 2, 1, {.progress = [&](Index done, Index total) {
                       CHECK(done == ++told);
                       last = total;
                     }});
    CHECK(told == last);
    CHECK(told == std::ssize(e.edges) + 4);
    for (std::size_t k = 0; k < e.edges.size(); ++k) {
      std::vector<Index> kept;
      for (Index id = 0; id < d.graph.num_edges(); ++id)
        if (id != e.edges[k]) kept.push_back(id);
      const double without = log_odds(*model, data::keep_edges(d, kept), 2, 1);
      CHECK(e.edge_scores[k] == Approx(e.answer - without).margin(1e-5));
    }
    auto changed = d;
    Tensor x = std::get<Tensor>(d.x).clone();
    for (Index i = 0; i < 12; ++i) x.row(i)[2] = 0;
    changed.x = x;
    CHECK(e.feature_scores[2] == Approx(e.answer - log_odds(*model, changed, 2, 1)).margin(1e-5));
  }
}

TEST_CASE("a graph is explained by its own edges, with their ids in the whole") {
  const auto d = path(data::Task::graph);
  for (const char* name : {"gin", "gat"}) {
    INFO(name);
    const auto model = trained_model(d, name);
    const auto e = explain_item("occlusion", *model, d, 1, 2);
    CHECK(e.nodes == std::vector<Index>{5, 6, 7, 8, 9, 10, 11});
    CHECK(e.edges == std::vector<Index>{4, 5, 6, 7, 8, 9});
    for (std::size_t k = 0; k < e.edges.size(); ++k) {
      std::vector<Index> kept;
      for (Index id = 0; id < d.graph.num_edges(); ++id)
        if (id != e.edges[k]) kept.push_back(id);
      const double without = log_odds(*model, data::keep_edges(d, kept), 1, 2);
      CHECK(e.edge_scores[k] == Approx(e.answer - without).margin(1e-5));
    }
    for (double s : explain_item("mask", *model, d, 0, 1, {.mask = {.epochs = 5}}).edge_scores)
      CHECK((s >= 0 && s <= 1));
    CHECK(explain::faithfulness(*model, d, e).kept == 1);
  }
  const auto e = explain_item("attention", *trained_model(d, "gat"), d, 0, 1);
  CHECK(std::accumulate(e.node_scores.begin(), e.node_scores.end(), 0.0) == Approx(1));
}

TEST_CASE("gradient of features is the slope along them") {
  const auto d = path();
  const auto model = trained_model(d, "gatv2");
  const auto e = explain_item("gradient", *model, d, 2, 1);
  auto along = [&](double by) {
    auto changed = d;
    Tensor x = std::get<Tensor>(d.x).clone();
    for (Index i = 0; i < 12; ++i) x.row(i)[3] *= static_cast<Real>(by);
    changed.x = x;
    return log_odds(*model, changed, 2, 1);
  };
  CHECK(e.feature_scores[3] ==
        Approx((along(1.01) - along(0.99)) / 0.02).epsilon(0.02).margin(1e-3));
  CHECK(std::accumulate(e.node_scores.begin(), e.node_scores.end(), 0.0) ==
        Approx(std::accumulate(e.feature_scores.begin(), e.feature_scores.end(), 0.0)));
}

TEST_CASE("the roll-out from one node comes to one, and weights have the caller's edges") {
  const auto d = path();
  const auto e = explain_item("attention", *trained_model(d, "gat"), d, 2, 1);
  CHECK(std::accumulate(e.node_scores.begin(), e.node_scores.end(), 0.0) == Approx(1));
  // Edge 1 - 2 forwards, in the last layer, head 0.
  double into_two = 0;
  for (const auto& w : e.attention) {
    CHECK(w.weight > 0);
    CHECK(std::ranges::find(e.edges, w.edge) != e.edges.end());
    // Into node 2 run 1 -> 2 (edge 1), 0 -> 2 (edge 11), and 3 -> 2, edge 2 against its direction.
    const bool into = (w.edge == 1 && !w.reversed) || (w.edge == 11 && !w.reversed) ||
                      (w.edge == 2 && w.reversed);
    if (into && w.layer == 1 && w.head == 0) into_two += w.weight;
  }
  CHECK(into_two > 0.3);
  CHECK(into_two < 1);  // the loop has the rest
  CHECK_THROWS_WITH(explain_item("attention", *trained_model(d, "gcn"), d, 2, 1),
                    Catch::Contains("mask, occlusion and gradient work"));
}

TEST_CASE("a learned mask lies between 0 and 1 and is the same for any number of threads") {
  const auto d = path();
  for (const char* name : {"gat", "gin", "sage", "gps", "agnn", "supergat"}) {
    INFO(name);
    const auto model = trained_model(d, name);
    const auto e = explain_item("mask", *model, d, 2, 1, {.mask = {.epochs = 20}, .threads = 1});
    for (double s : e.edge_scores) CHECK((s >= 0 && s <= 1));
    const auto again =
        explain_item("mask", *model, d, 2, 1, {.mask = {.epochs = 20}, .threads = 3});
    CHECK(e.edge_scores == again.edge_scores);
    CHECK(e.feature_scores == again.feature_scores);
  }
}

TEST_CASE("faithfulness is what the answer does without the edges that come first") {
  const auto d = path();
  const auto model = trained_model(d, "gin");
  auto e = explain_item("occlusion", *model, d, 2, 1);
  const auto f = explain::faithfulness(*model, d, e, 0.2);
  CHECK(f.kept == std::lround(0.2 * static_cast<double>(e.edges.size())));
  CHECK(f.sparsity == Approx(1 - static_cast<double>(f.kept) / e.edges.size()));
  // The sum of GIN without a message is that without the edge.
  const auto first =
      std::ranges::max_element(e.edge_scores, {}, [](double s) { return std::abs(s); }) -
      e.edge_scores.begin();
  REQUIRE(f.kept == 1);
  auto probability = [](double y) { return 1 / (1 + std::exp(-y)); };
  CHECK(f.plus ==
        Approx(std::abs(probability(e.answer) - probability(e.answer - e.edge_scores[first])))
            .margin(1e-5));
  CHECK((f.plus_label == 0 || f.plus_label == 1));
  e.edge_scores.pop_back();
  CHECK_THROWS_WITH(explain::faithfulness(*model, d, e), Catch::Contains("an explanation of"));
}

TEST_CASE("a node without edges is explained by its features") {
  auto d = path();
  std::vector<Edge> edges = edge_list(d.graph);
  edges.pop_back();
  edges.resize(10);  // node 11 has none left
  d.graph = Graph::from_edges(12, edges, {.undirected = true});
  for (const auto& method : explain::item_methods()) {
    INFO(method);
    const auto model = trained_model(d, "gat");
    const auto e = explain_item(method, *model, d, 11, 1);
    CHECK(e.edges.empty());
    CHECK(e.nodes == std::vector<Index>{11});
    CHECK(explain::faithfulness(*model, d, e).kept == 0);
  }
}

TEST_CASE("models that see no edges are explained by their features alone") {
  const auto d = path();
  for (const char* name : {"mlp", "dense_gat"}) {
    const auto model = trained_model(d, name);
    const auto e = explain_item("gradient", *model, d, 2, 1);
    CHECK(e.edges.empty());
    CHECK(e.nodes.size() == (name == std::string("mlp") ? 1 : 12));
    CHECK(explain_item("occlusion", *model, d, 2, 1).feature_scores.size() == 4);
    CHECK_THROWS_WITH(explain_item("mask", *model, d, 2, 1),
                      Catch::Contains("does not see the edges"));
  }
}

TEST_CASE("questions about items that make no sense are refused") {
  const auto d = path();
  const auto model = trained_model(d, "gat");
  CHECK_THROWS_WITH(explain_item("maks", *model, d, 2, 1), Catch::Contains("mask"));
  CHECK_THROWS_WITH(explain_item("mask", *model, d, 12, 1), Catch::Contains("item 12 of 12 nodes"));
  CHECK_THROWS_WITH(explain_item("mask", *model, d, 2, 3), Catch::Contains("output 3"));
  CHECK_THROWS_WITH(explain_item("mask", *model, d, 2, 1, {.mask = {.epochs = 0}}),
                    Catch::Contains("a mask of 0 epochs"));
  auto graphs = d;
  graphs.task = data::Task::graph;
  CHECK_THROWS_WITH(explain_item("mask", *model, graphs, 0, 1),
                    Catch::Contains("are graphs, the model is one of task node"));
}
