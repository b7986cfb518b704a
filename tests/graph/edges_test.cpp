#include <agate/graph/edges.hpp>
#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

using pairs::list;
using Ids = std::vector<Index>;
using Edges = std::vector<Edge>;

const Edges written_edges{{3, 1}, {0, 1}, {1, 0}, {2, 2}, {4, 3}, {3, 1}};

void check_same(const Graph& a, const Graph& b) {
  CHECK(a.num_edges() == b.num_edges());
  CHECK(list(a.offsets()) == list(b.offsets()));
  CHECK(list(a.sources()) == list(b.sources()));
  CHECK(list(a.edge_ids()) == list(b.edge_ids()));
  CHECK(list(a.reversed()) == list(b.reversed()));
}

}  // namespace

TEST_CASE("the caller's edges come back as they were given") {
  for (const bool undirected : {false, true})
    CHECK(edge_list(Graph::from_edges(5, written_edges, {.undirected = undirected})) ==
          written_edges);
  CHECK(edge_list(Graph()).empty());
  const Edges across{{4, 0}, {0, 1}};
  CHECK(edge_list(Graph::bipartite(5, 2, across)) == across);
  Edges replaced = written_edges;
  replaced[3] = {-1, -1};
  CHECK(edge_list(Graph::from_edges(5, written_edges, {.self_loops = true})) == replaced);
}

TEST_CASE("an edge is found the way it runs, an undirected one both ways") {
  const Graph directed = Graph::from_edges(5, written_edges),
              undirected = Graph::from_edges(5, written_edges, {.undirected = true});
  for (NodeId i = 0; i < 5; ++i)
    for (NodeId j = 0; j < 5; ++j) {
      const bool there = std::ranges::count(written_edges, Edge{i, j}) > 0;
      const bool back = std::ranges::count(written_edges, Edge{j, i}) > 0;
      CHECK(has_edge(directed, i, j) == there);
      CHECK(has_edge(undirected, i, j) == (there || back));
    }
  CHECK(has_edge(Graph::bipartite(5, 2, Edges{{4, 0}}), 4, 0));
}

TEST_CASE("the edges kept are numbered anew among all nodes") {
  const Ids ids{0, 2, 3, 5};
  const Edges kept{{3, 1}, {1, 0}, {2, 2}, {3, 1}};
  for (const bool undirected : {false, true})
    for (const bool loops : {false, true}) {
      const GraphOptions options{undirected, loops};
      check_same(keep_edges(Graph::from_edges(5, written_edges, options), ids),
                 Graph::from_edges(5, kept, options));
    }
  const Graph g = Graph::from_edges(5, written_edges);
  check_same(keep_edges(g, Ids{0, 1, 2, 3, 4, 5}), g);
  check_same(keep_edges(g, Ids{}), Graph::from_edges(5, {}));
  check_same(keep_edges(g.with_remaining_self_loops(), ids),
             Graph::from_edges(5, kept).with_remaining_self_loops());
  check_same(keep_edges(Graph::bipartite(5, 2, Edges{{4, 0}, {0, 1}}), Ids{1}),
             Graph::bipartite(5, 2, Edges{{0, 1}}));
  check_same(keep_edges(Graph(), Ids{}), Graph());
}

TEST_CASE("edges that do not exist cannot be kept") {
  const Graph g = Graph::from_edges(5, written_edges);
  CHECK(refusal([&] { keep_edges(g, Ids{6}); }).says("edge 6 is named, there are 6"));
  CHECK(refusal([&] { keep_edges(g, Ids{-1}); }).code == ErrorCode::shape);
  CHECK(refusal([&] { keep_edges(g, Ids{2, 2}); }).says("do not ascend at edge 2"));
}
