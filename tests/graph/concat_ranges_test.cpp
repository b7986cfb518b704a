#include <agate/core/random.hpp>
#include <agate/graph/graph.hpp>
#include <algorithm>

#include "catch.hpp"

using namespace agate;

namespace {

using Ids = std::vector<Index>;

bool same(const Graph& a, const Graph& b) {
  return a.num_edges() == b.num_edges() && a.is_undirected() == b.is_undirected() &&
         std::ranges::equal(a.offsets(), b.offsets()) &&
         std::ranges::equal(a.sources(), b.sources()) &&
         std::ranges::equal(a.edge_ids(), b.edge_ids()) &&
         std::ranges::equal(a.reversed(), b.reversed());
}

/// Graphs of 0, 1, 2, ... nodes, packed; their edges (loops and repeated ones among them) in order,
/// or all mixed.
struct Packed {
  std::vector<Edge> edges;
  Ids offsets{0};
  Graph graph;

  Packed(bool mixed, GraphOptions options) {
    Random random(3);
    for (Index size = 0; size < 8; ++size) {
      const auto first = static_cast<NodeId>(offsets.back());
      const auto n = static_cast<std::uint64_t>(size);
      for (Index e = 0; e < 2 * size; ++e)
        edges.push_back({first + static_cast<NodeId>(random.below(n)),
                         first + static_cast<NodeId>(random.below(n))});
      offsets.push_back(first + size);
    }
    if (mixed) random.shuffle(std::span(edges));
    graph = Graph::from_edges(offsets.back(), edges, options);
  }
  NodeRange range(Index g) const { return {offsets[g], offsets[g + 1]}; }
  /// What the ranges of these graphs are by the long way.
  Graph built(const Ids& graphs, GraphOptions options, Ids& ids) const {
    std::vector<Edge> moved;
    NodeId nodes = 0;
    for (const Index g : graphs) {
      const auto [begin, end] = range(g);
      for (std::size_t e = 0; e < edges.size(); ++e)
        if (edges[e].source >= begin && edges[e].source < end) {
          const auto by = nodes - static_cast<NodeId>(begin);
          moved.push_back({edges[e].source + by, edges[e].target + by});
          ids.push_back(static_cast<Index>(e));
        }
      nodes += static_cast<NodeId>(end - begin);
    }
    return Graph::from_edges(nodes, moved, options);
  }
};

}  // namespace

TEST_CASE("ranges of a packed graph are the graph of their edges", "[graph]") {
  for (const bool mixed : {false, true})
    for (const bool undirected : {false, true}) {
      const GraphOptions options{.undirected = undirected};
      const Packed packed(mixed, options);
      for (const Ids& graphs : {Ids{}, Ids{0}, Ids{5}, Ids{1, 2, 3}, Ids{7, 0, 3, 4}, Ids{6, 6, 2},
                                Ids{0, 1, 2, 3, 4, 5, 6, 7}}) {
        std::vector<NodeRange> ranges;
        for (const Index g : graphs) ranges.push_back(packed.range(g));
        Ids expected, ids{17};
        const Graph built = packed.built(graphs, options, expected);
        CHECK(same(packed.graph.concat_ranges(ranges, &ids), built));
        CHECK(ids == expected);
        CHECK(same(packed.graph.concat_ranges(ranges), built));
        CHECK(same(packed.graph.with_self_loops().concat_ranges(ranges).with_self_loops(),
                   packed.graph.with_self_loops().concat_ranges(ranges)));
      }
    }
}

TEST_CASE("loops that were added keep their id in a range", "[graph]") {
  const Edge edges[] = {{0, 1}, {2, 3}};
  const Graph g = Graph::from_edges(4, edges, {.undirected = true, .self_loops = true});
  const NodeRange last[] = {{2, 4}};
  const Graph part = g.concat_ranges(last);
  CHECK(part.num_edges() == 1);
  CHECK(std::ranges::equal(part.edge_ids(), Ids{-1, 0, 0, -1}));
  CHECK(&part.with_self_loops() == &part);
}

TEST_CASE("ranges that are not there, or not closed, are refused", "[graph]") {
  const Edge edges[] = {{0, 1}, {1, 2}};
  const Graph g = Graph::from_edges(3, edges, {.undirected = true});
  const auto says = [&](NodeRange range, const std::string& part) {
    const Refusal r = refusal([&] { g.concat_ranges(std::span(&range, 1)); });
    CHECK(r.code == ErrorCode::shape);
    CHECK(r.says(part));
  };
  says({0, 4}, "a range from node 0 to before node 4, there are 3");
  says({-1, 2}, "a range from node -1");
  says({2, 1}, "a range from node 2 to before node 1");
  says({0, 2}, "an edge leads from node 2 into the range from node 0 to before node 2");
  const NodeRange all[] = {{0, 1}};
  CHECK(refusal([&] { Graph::bipartite(1, 1, {}).concat_ranges(all); }).code ==
        ErrorCode::unsupported);
}
