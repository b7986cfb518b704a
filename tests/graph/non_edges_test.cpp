#include <agate/graph/neighbors.hpp>
#include <agate/graph/non_edges.hpp>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

Neighbors sets(const pairs::Matrix& a) {
  Neighbors all{{0}, {}};
  for (const auto& row : a) {
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j]) all.nodes.push_back(static_cast<NodeId>(j));
    all.offsets.push_back(std::ssize(all.nodes));
  }
  return all;
}

void check_same(const Neighbors& a, const Neighbors& b) {
  CHECK(a.offsets == b.offsets);
  CHECK(a.nodes == b.nodes);
}

}  // namespace

TEST_CASE("neighbours are sets without duplicates and loops") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto edges = pairs::random_edges(9, 20, seed);
    const Graph directed = Graph::from_edges(9, edges),
                undirected = Graph::from_edges(9, edges, {.undirected = true});
    const auto either = sets(pairs::linked(9, edges, true));
    check_same(neighbors(directed), either);
    check_same(neighbors(undirected), either);
    check_same(successors(undirected), either);
    check_same(neighbors(directed.with_self_loops()), either);
    check_same(successors(directed), sets(pairs::linked(9, edges, false)));
    CHECK(neighbors(directed).degree(3) == std::ssize(neighbors(directed).of(3)));
  }
  CHECK(neighbors(Graph()).offsets == std::vector<Index>{0});
  const Graph two = Graph::bipartite(2, 2, {});
  CHECK(refusal([&] { neighbors(two); }).code == ErrorCode::unsupported);
  CHECK(refusal([&] { successors(two); }).says("successors: the graph is bipartite"));
}

TEST_CASE("the pairs without an edge, one by one and in runs") {
  for (const int count : {0, 10, 30, 200})
    for (const bool undirected : {false, true})
      for (const bool ordered : {false, true}) {
        const auto edges = pairs::random_edges(9, count, 3);
        const Graph g = Graph::from_edges(9, edges, {.undirected = undirected});
        const auto expected =
            pairs::non_edges(pairs::linked(9, edges, undirected || !ordered), ordered);
        const NonEdges all(g, {.directed = ordered});
        REQUIRE(all.size() == std::ssize(expected));
        for (Index k = 0; k < all.size(); ++k) CHECK(all[k] == expected[k]);
        for (Index begin = 0; begin <= all.size(); begin += 7) {
          pairs::Edges rest(static_cast<std::size_t>(all.size() - begin));
          all.copy(begin, all.size(), rest.data());
          CHECK(std::equal(rest.begin(), rest.end(), expected.begin() + begin, expected.end()));
        }
      }
}

TEST_CASE("graphs with no pair left") {
  CHECK(NonEdges(Graph()).size() == 0);
  CHECK(NonEdges(Graph::from_edges(1, pairs::Edges{{0, 0}})).size() == 0);
  const Graph complete = Graph::from_edges(6, pairs::complete_edges(6));
  CHECK(NonEdges(complete).size() == 0);
  CHECK(NonEdges(complete, {.directed = true}).size() == 15);
  CHECK(NonEdges(complete, {.directed = true})[14] == Edge{5, 4});
}

TEST_CASE("the pairs of a large graph without edges are counted, not listed") {
  const Graph large = Graph::from_edges(1'000'000, {});
  const NonEdges all(large);
  CHECK(all.size() == 499'999'500'000);
  CHECK(all[all.size() - 1] == Edge{999'998, 999'999});
}
