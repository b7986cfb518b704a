#include <agate/data/link_split.hpp>
#include <agate/graph/edges.hpp>
#include <algorithm>
#include <set>
#include <utility>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

using Pair = std::pair<NodeId, NodeId>;
using Edges = pairs::Edges;

Pair unordered(Edge e) { return std::minmax(e.source, e.target); }
std::set<Pair> pair_set(const Edges& edges) {
  std::set<Pair> set;
  for (const Edge& e : edges) set.insert(unordered(e));
  return set;
}

/// With loops, duplicates and edges written both ways.
Edges example_edges() {
  Edges edges = pairs::random_edges(40, 150, 3);
  for (int k = 0; k < 60; k += 3) edges.push_back({edges[k].target, edges[k].source});
  return edges;
}

}  // namespace

TEST_CASE("hidden links leave no trace in the graph that messages run on") {
  const Edges edges = example_edges();
  for (const bool undirected : {false, true}) {
    const Graph g = Graph::from_edges(40, edges, {.undirected = undirected});
    const auto split = data::split_links(g, 0.1, 0.2, 5);
    const auto train = pair_set(split.train), val = pair_set(split.val),
               test = pair_set(split.test);
    std::set<Pair> all = pair_set(edges);
    std::erase_if(all, [](Pair p) { return p.first == p.second; });
    CHECK(val.size() == static_cast<std::size_t>(std::llround(0.1 * all.size())));
    CHECK(test.size() == std::llround(0.3 * all.size()) - val.size());
    CHECK(train.size() + val.size() + test.size() == all.size());
    for (const auto* hidden : {&val, &test})
      for (const auto& [i, j] : *hidden) {
        CHECK(all.count({i, j}) == 1);
        CHECK_FALSE(has_edge(split.message_graph, i, j));
        CHECK_FALSE(has_edge(split.message_graph, j, i));
      }
    for (const Pair& p : val) CHECK(test.count(p) == 0);

    // The training edges and the loops, all of them, under the ids named.
    CHECK(split.message_graph.num_nodes() == 40);
    CHECK(split.message_graph.is_undirected() == undirected);
    Edges expected;
    for (const Index id : split.message_edges) expected.push_back(edges[id]);
    CHECK(edge_list(split.message_graph) == expected);
    std::size_t kept = 0;
    for (const Edge& e : edges) kept += e.source == e.target || train.count(unordered(e)) > 0;
    CHECK(expected.size() == kept);
  }
}

TEST_CASE("each link is asked for once, as it was first written") {
  const Edges edges = example_edges();
  for (const bool undirected : {false, true}) {
    const Graph g = Graph::from_edges(40, edges, {.undirected = undirected});
    const auto split = data::split_links(g, 0.25, 0.25, 1);
    Edges links;
    for (const auto* part : {&split.train, &split.val, &split.test})
      links.insert(links.end(), part->begin(), part->end());
    Edges expected;
    for (const Edge& e : edges) {
      const bool again = std::ranges::count(expected, e) > 0 ||
                         (undirected && std::ranges::count(expected, Edge{e.target, e.source}));
      if (e.source != e.target && !again) expected.push_back(e);
    }
    CHECK(std::ranges::is_permutation(links, expected));
  }
}

TEST_CASE("negatives are as many, different, and no edge of the whole graph") {
  const Edges edges = example_edges();
  for (const bool undirected : {false, true}) {
    const Graph g = Graph::from_edges(40, edges, {.undirected = undirected});
    const auto split = data::split_links(g, 0.2, 0.3, 2);
    CHECK(split.val_negatives.size() == split.val.size());
    CHECK(split.test_negatives.size() == split.test.size());
    std::set<Pair> different;
    for (const auto* part : {&split.val_negatives, &split.test_negatives})
      for (const Edge& e : *part) {
        CHECK(e.source != e.target);
        CHECK_FALSE(has_edge(g, e.source, e.target));
        different.insert(undirected ? unordered(e) : Pair{e.source, e.target});
      }
    CHECK(different.size() == split.val.size() + split.test.size());
  }
}

TEST_CASE("the seed fixes the split of links") {
  const Graph g = Graph::from_edges(40, example_edges(), {.undirected = true});
  const auto a = data::split_links(g, 0.1, 0.1, 7), b = data::split_links(g, 0.1, 0.1, 7),
             c = data::split_links(g, 0.1, 0.1, 8);
  CHECK(a.message_edges == b.message_edges);
  CHECK(a.test == b.test);
  CHECK(a.val_negatives == b.val_negatives);
  CHECK(a.test_negatives == b.test_negatives);
  CHECK(a.test != c.test);
  CHECK(a.test_negatives != c.test_negatives);
  const auto no_test = data::split_links(g, 0.1, 0, 7);
  CHECK(no_test.test.empty());
  CHECK(no_test.test_negatives.empty());
  const auto looped = data::split_links(g.with_self_loops(), 0.1, 0.1, 7);
  CHECK(looped.test == a.test);
  CHECK(looped.message_graph.with_self_loops().num_messages() ==
        a.message_graph.with_self_loops().num_messages());
}

TEST_CASE("splits of links that cannot be are refused") {
  const Graph g = Graph::from_edges(40, example_edges(), {.undirected = true});
  const auto refused = [](const Graph& graph, double val, double test) {
    return refusal([&] { data::split_links(graph, val, test, 1); });
  };
  CHECK(refused(g, 0.5, 0.5).says("val = 0.5, test = 0.5, expected shares"));
  CHECK(refused(g, -0.1, 0.5).code == ErrorCode::value);
  CHECK(refused(g, std::nan(""), 0.5).code == ErrorCode::value);
  CHECK(refused(Graph(), 0.1, 0.1).says("none of the 0 linked pairs"));
  const Graph loop = Graph::from_edges(1, Edges{{0, 0}});
  CHECK(refused(loop, 0.1, 0.1).says("none of the 0 linked pairs"));
  const Graph few = Graph::from_edges(9, Edges{{0, 1}, {1, 2}}, {.undirected = true});
  CHECK(refused(few, 0.3, 0.6).says("leave none of the 2"));
  CHECK(refused(few, 0.1, 0.5).says("of 2 linked pairs are 0 and 1"));
  const Graph complete = Graph::from_edges(9, pairs::complete_edges(9), {.undirected = true});
  CHECK(refused(complete, 0.1, 0.1).says("negative pairs of a graph that has 0"));
  CHECK(refused(Graph::bipartite(2, 2, {}), 0.1, 0.1).code == ErrorCode::unsupported);
}
