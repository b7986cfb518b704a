#include <agate/graph/edges.hpp>
#include <agate/graph/negative_edges.hpp>
#include <map>
#include <set>
#include <utility>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

std::pair<NodeId, NodeId> key(Edge e, bool ordered) {
  if (!ordered && e.source > e.target) std::swap(e.source, e.target);
  return {e.source, e.target};
}

}  // namespace

TEST_CASE("negative edges are drawn without repetition, never an edge, never a loop") {
  for (const bool undirected : {false, true})
    for (const bool ordered : {false, true}) {
      const auto edges = pairs::random_edges(12, 40, 5);
      const Graph g = Graph::from_edges(12, edges, {.undirected = undirected});
      const Index all = NonEdges(g, {.directed = ordered}).size();
      for (const Index count : {Index{0}, Index{1}, all / 2, all}) {
        Random random(1), again(1), other(2);
        const auto drawn = draw_negative_edges(g, count, random, {.directed = ordered});
        REQUIRE(std::ssize(drawn) == count);
        std::set<std::pair<NodeId, NodeId>> different;
        for (const Edge& e : drawn) {
          CHECK(e.source != e.target);
          CHECK_FALSE(has_edge(g, e.source, e.target));
          if (!ordered) CHECK_FALSE(has_edge(g, e.target, e.source));
          different.insert(key(e, ordered));
        }
        CHECK(std::ssize(different) == count);
        CHECK(draw_negative_edges(g, count, again, {.directed = ordered}) == drawn);
        if (count > 3) CHECK(draw_negative_edges(g, count, other, {.directed = ordered}) != drawn);
      }
    }
}

TEST_CASE("each pair without an edge is drawn as often, either way round, in every place") {
  // All but 6 of the 36 pairs are linked: hardly any guess would be right.
  auto edges = pairs::complete_edges(9);
  for (int k = 0; k < 6; ++k) edges.erase(edges.begin() + 5 * k);
  const Graph g = Graph::from_edges(9, edges, {.undirected = true});
  std::map<std::pair<NodeId, NodeId>, int> first, written;
  Random random(3);
  const int trials = 6000;
  for (int t = 0; t < trials; ++t) {
    const auto drawn = draw_negative_edges(g, 2, random);
    ++first[key(drawn[0], false)];
    for (const Edge& e : drawn) ++written[key(e, true)];
  }
  CHECK(first.size() == 6);
  CHECK(written.size() == 12);
  for (const auto& [pair, count] : first) CHECK(std::abs(count - trials / 6) < 150);  // 5 sigma
  for (const auto& [pair, count] : written) CHECK(std::abs(count - trials / 6) < 150);
}

TEST_CASE("more negative edges than there are pairs without one are refused") {
  Random random(1);
  const Graph complete = Graph::from_edges(6, pairs::complete_edges(6));
  CHECK(refusal([&] {
          draw_negative_edges(complete, 1, random);
        }).says("asked for 1 negative pairs of a graph that has 0"));
  CHECK(draw_negative_edges(complete, 0, random).empty());
  CHECK(draw_negative_edges(complete, 15, random, {.directed = true}).size() == 15);
  const auto refused =
      refusal([&] { draw_negative_edges(complete, 500, random, {.directed = true}); });
  CHECK(refused.says("asked for 500 negative pairs of a graph that has 15"));
  CHECK(refused.code == ErrorCode::value);
  CHECK(refusal([&] { draw_negative_edges(Graph(), 1, random); }).says("has 0"));
  CHECK(refusal([&] { draw_negative_edges(complete, -1, random); }).code == ErrorCode::value);
  CHECK(refusal([&] { draw_negative_edges(Graph::bipartite(2, 2, {}), 1, random); }).code ==
        ErrorCode::unsupported);
}
