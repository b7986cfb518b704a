#include <agate/graph/grid.hpp>

#include "catch.hpp"

using namespace agate;

TEST_CASE("the pixels of an image are linked to their neighbours", "[graph]") {
  // 0 1 2
  // 3 4 5
  CHECK(grid_edges(2, 3, {.diagonal = false}) ==
        std::vector<Edge>{{0, 1}, {0, 3}, {1, 2}, {1, 4}, {2, 5}, {3, 4}, {4, 5}});
  CHECK(
      grid_edges(2, 3) ==
      std::vector<Edge>{
          {0, 1}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {2, 4}, {2, 5}, {3, 4}, {4, 5}});
  const Graph eight = Graph::grid(5, 4), four = Graph::grid(5, 4, {.diagonal = false});
  CHECK(eight.num_nodes() == 20);
  CHECK(eight.is_undirected());
  CHECK(eight.num_edges() == 5 * 3 + 4 * 4 + 2 * 4 * 3);
  CHECK(four.num_edges() == 5 * 3 + 4 * 4);
  CHECK(eight.in_degree(5) == 8);  // inside
  CHECK(four.in_degree(5) == 4);
  CHECK(eight.in_degree(0) == 3);  // in a corner
  CHECK(four.in_degree(0) == 2);
  CHECK(eight.in_degree(4) == 5);  // on a side
  CHECK(four.in_degree(4) == 3);
}

TEST_CASE("images of a row, of one pixel and of none", "[graph]") {
  CHECK(grid_edges(1, 3) == std::vector<Edge>{{0, 1}, {1, 2}});
  CHECK(grid_edges(3, 1) == std::vector<Edge>{{0, 1}, {1, 2}});
  CHECK(Graph::grid(1, 1).num_nodes() == 1);
  CHECK(Graph::grid(1, 1).num_edges() == 0);
  CHECK(Graph::grid(0, 7).num_nodes() == 0);
  CHECK(refusal([] { Graph::grid(-1, 3); }).says("Graph::grid: -1 x 3 pixels"));
  const Refusal large = refusal([] { Graph::grid(1 << 16, 1 << 16); });
  CHECK(large.code == ErrorCode::limit);
  CHECK(large.says("at most 2^31 - 1"));
  CHECK(refusal([] { Graph::grid(Index{1} << 40, Index{1} << 40); }).code == ErrorCode::limit);
}
