#include <agate/data/packed.hpp>
#include <agate/data/subgraph.hpp>
#include <agate/explain/attribution.hpp>
#include <agate/models/predict.hpp>
#include <agate/train/trainer.hpp>
#include <algorithm>
#include <numeric>

#include "catch.hpp"

using namespace agate;

namespace {

/// Rings of 5 to 9 nodes with random features; the class says whether one of them is marked.
data::Dataset marked_rings(Index count) {
  Random random(5);
  data::Dataset d{.name = "rings", .graph_offsets = {0}, .task = data::Task::graph};
  std::vector<Edge> edges;
  for (Index g = 0; g < count; ++g) {
    const auto first = static_cast<NodeId>(d.graph_offsets.back());
    const auto n = static_cast<NodeId>(5 + random.below(5));
    for (NodeId i = 0; i < n; ++i) {
      edges.push_back({first + i, first + (i + 1) % n});
      edges.push_back({first + (i + 1) % n, first + i});
    }
    d.graph_offsets.push_back(first + n);
    d.y.push_back(static_cast<int>(g % 2));
  }
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges);
  Tensor x = Tensor::uninitialized({d.num_nodes(), 3});
  for (Real& v : x.values()) v = static_cast<Real>(0.3 * random.normal());
  for (Index g = 0; g < count; ++g) x.row(d.graph_offsets[g] + 2)[1] = static_cast<Real>(g % 2);
  d.x = x;
  d.edge_attr = Tensor::uninitialized({d.graph.num_edges(), 2});
  for (Real& v : d.edge_attr.values()) v = static_cast<Real>(random.normal());
  d.classes = {"plain", "marked"};
  return d;
}

std::unique_ptr<models::Model> model_of(const data::Dataset& d, const std::string& name) {
  return models::make_model({.model = name,
                             .in = d.num_features(),
                             .out = 2,
                             .task = "graph",
                             .edge_dim = name == "gcn" ? 0 : 2,
                             .hidden = 8,
                             .heads = 2,
                             .dropout = 0,
                             .attention_dropout = 0,
                             .pre_linear = true,
                             .normalize = "none"},
                            3);
}

double log_odds(const models::Model& model, const data::Dataset& d) {
  const Tensor y = models::predict(model, d);
  return y.row(0)[1] - y.row(0)[0];
}

}  // namespace

TEST_CASE("occlusion is the answer with and without the node, and without the link") {
  const auto d = data::select_graphs(marked_rings(4), std::vector<Index>{1}).dataset;
  const auto model = model_of(d, "gine");
  const auto a = explain::attribute("occlusion", *model, d, 1);
  REQUIRE(std::ssize(a.nodes) == d.num_nodes());
  std::vector<Index> kept;
  for (Index i = 0; i < d.num_nodes(); ++i)
    if (i != 3) kept.push_back(i);
  const double whole = log_odds(*model, d);
  CHECK(a.nodes[3] == Approx(whole - log_odds(*model, data::keep_nodes(d, kept))).margin(1e-5));
  kept.clear();
  for (Index e = 2; e < d.graph.num_edges(); ++e) kept.push_back(e);
  CHECK(a.edges[0] == Approx(whole - log_odds(*model, data::keep_edges(d, kept))).margin(1e-5));
  CHECK(a.edges[0] == a.edges[1]);  // both ways of one link
}

TEST_CASE("gradient x input is the slope along the features of a node or an edge") {
  const auto d = data::select_graphs(marked_rings(4), std::vector<Index>{1}).dataset;
  const auto model = model_of(d, "gatv2");
  const auto a = explain::attribute("gradient", *model, d, 1);
  auto slope = [&](auto scale) {
    const double h = 1e-2;
    return (log_odds(*model, scale(1 + h)) - log_odds(*model, scale(1 - h))) / (2 * h);
  };
  auto scaled = [](const Tensor& x, Index row, double by) {
    Tensor y = x.clone();
    for (Index c = 0; c < y.cols(); ++c) y.row(row)[c] *= static_cast<Real>(by);
    return y;
  };
  CHECK(a.nodes[2] == Approx(slope([&](double by) {
                        auto changed = d;
                        changed.x = scaled(std::get<Tensor>(d.x), 2, by);
                        return changed;
                      }))
                          .epsilon(0.02)
                          .margin(1e-3));
  CHECK(a.edges[5] == Approx(slope([&](double by) {
                        auto changed = d;
                        changed.edge_attr = scaled(d.edge_attr, 5, by);
                        return changed;
                      }))
                          .epsilon(0.02)
                          .margin(1e-3));
}

TEST_CASE("the attention of all layers comes to one over the nodes") {
  const auto d = data::select_graphs(marked_rings(4), std::vector<Index>{0}).dataset;
  const auto model = model_of(d, "gat");
  const auto a = explain::attribute("attention", *model, d, 1);
  CHECK(std::accumulate(a.nodes.begin(), a.nodes.end(), 0.0) == Approx(1).margin(1e-5));
  for (double v : a.nodes) CHECK(v > 0);
  CHECK(*std::ranges::min_element(a.edges) > 0);
  CHECK_THROWS_WITH(explain::attribute("attention", *model_of(d, "gcn"), d, 1),
                    Catch::Contains("pay no attention"));
}

TEST_CASE("what a trained model looks at is found, and taking it out changes the answer most") {
  const auto d = marked_rings(120);
  std::vector<Index> train, val;
  for (Index g = 0; g < 120; ++g) (g < 80 ? train : val).push_back(g);
  const auto model = model_of(d, "gine");
  const auto result =
      train::fit(*model, d, {train, val, {}}, {.epochs = 60, .lr = 0.01, .batch_size = 16}, 1);
  REQUIRE(result.val.metric > 0.9);
  double top = 0, random = 0;
  int found = 0;
  for (Index g = 81; g < 101; g += 2) {
    const auto one = data::select_graphs(d, std::vector<Index>{g}).dataset;
    const auto a = explain::attribute("occlusion", *model, one, 1);
    found += std::ranges::max_element(a.nodes) - a.nodes.begin() == 2;
    const auto f = explain::fidelity(*model, one, 1, a.nodes);
    CHECK(f.removed >= 1);
    top += f.top, random += f.random;
  }
  CHECK(found >= 9);
  CHECK(top > 2 * random);
}

TEST_CASE("questions that make no sense are refused") {
  const auto all = marked_rings(4);
  const auto one = data::select_graphs(all, std::vector<Index>{1}).dataset;
  const auto model = model_of(all, "gine");
  CHECK_THROWS_WITH(explain::attribute("occlusoin", *model, one, 1), Catch::Contains("occlusion"));
  CHECK_THROWS_WITH(explain::attribute("occlusion", *model, all, 1),
                    Catch::Contains("4 graphs, expected 1"));
  CHECK_THROWS_WITH(explain::attribute("occlusion", *model, one, 2), Catch::Contains("output 2"));
  CHECK_THROWS_WITH(explain::fidelity(*model, one, 1, {1, 2}), Catch::Contains("2 scores"));
  const auto lone = data::keep_nodes(one, std::vector<Index>{0});
  CHECK(explain::attribute("occlusion", *model, lone, 1).nodes == std::vector<double>{0});
  CHECK_THROWS_WITH(explain::fidelity(*model, lone, 1, {0}), Catch::Contains("1 nodes"));
}
