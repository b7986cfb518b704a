#include <agate/graph/top_links.hpp>
#include <algorithm>
#include <atomic>
#include <tuple>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

using Ranked = std::vector<ScoredLink>;

/// Few different values: many ties.
double score_of(Edge e) { return (e.source * 7 + e.target * 13) % 11; }

void score(std::span<const Edge> asked, double* scores) {
  for (const Edge& e : asked) *scores++ = score_of(e);
}

Ranked best(const pairs::Edges& asked, std::size_t k) {
  Ranked all;
  for (const Edge& e : asked) all.push_back({e, score_of(e)});
  std::ranges::sort(all, {}, [](const ScoredLink& l) {
    return std::tuple(-l.score, l.pair.source, l.pair.target);
  });
  all.resize(std::min(k, all.size()));
  return all;
}

pairs::Edges of_node(const pairs::Matrix& a, NodeId i) {
  pairs::Edges list;
  for (const Edge& e : pairs::non_edges(a, true))
    if (e.source == i) list.push_back(e);
  return list;
}

}  // namespace

TEST_CASE("the best new links are those of a full sort") {
  for (const bool undirected : {false, true})
    for (const bool ordered : {false, true}) {
      const auto edges = pairs::random_edges(20, 60, 6);
      const Graph g = Graph::from_edges(20, edges, {.undirected = undirected});
      const auto a = pairs::linked(20, edges, undirected || !ordered);
      for (const Index k : {0, 1, 5, 1000}) {
        const TopLinksOptions options{.directed = ordered};
        const auto count = static_cast<std::size_t>(k);
        CHECK(top_new_links(g, k, score, options) == best(pairs::non_edges(a, ordered), count));
        const auto each = top_new_links_of_each(g, k, score, options);
        REQUIRE(each.size() == 20);
        for (NodeId i = 0; i < 20; ++i) {
          CHECK(each[i] == best(of_node(a, i), count));
          CHECK(top_new_links_of(g, i, k, score, options) == each[i]);
        }
      }
    }
}

TEST_CASE("blocks of pairs are bounded, and threads change nothing") {
  const auto edges = pairs::random_edges(700, 2000, 2);
  const Graph g = Graph::from_edges(700, edges, {.undirected = true});
  std::atomic<Index> asked = 0, most = 0;
  const auto counting = [&](std::span<const Edge> block, double* scores) {
    asked += std::ssize(block);
    for (Index seen = most;
         seen < std::ssize(block) && !most.compare_exchange_weak(seen, std::ssize(block));) {
    }
    score(block, scores);
  };
  const auto all = top_new_links(g, 50, counting, {.threads = 1});
  CHECK(asked == NonEdges(g).size());
  CHECK(most == 65536);
  CHECK(all == best(pairs::non_edges(pairs::linked(700, edges, true), false), 50));
  CHECK(top_new_links(g, 50, counting, {.threads = 3}) == all);
  most = 0;
  const auto each = top_new_links_of_each(g, 3, counting, {.threads = 1});
  CHECK(most <= 65536);
  CHECK(top_new_links_of_each(g, 3, counting, {.threads = 4}) == each);
  const Graph wide = Graph::from_edges(70'000, {});
  CHECK(top_new_links_of(wide, 69'999, 2, counting) ==
        Ranked{{{69'999, 6}, 10}, {{69'999, 17}, 10}});
  CHECK(most == 65536);
}

TEST_CASE("graphs without a new link, and what is refused") {
  CHECK(top_new_links(Graph(), 5, score).empty());
  CHECK(top_new_links_of_each(Graph(), 5, score).empty());
  const Graph one = Graph::from_edges(1, pairs::Edges{{0, 0}});
  CHECK(top_new_links(one, 5, score).empty());
  CHECK(top_new_links_of(one, 0, 5, score).empty());
  const Graph complete = Graph::from_edges(5, pairs::complete_edges(5), {.undirected = true});
  CHECK(top_new_links(complete, 5, score).empty());
  CHECK(top_new_links_of(complete, 2, 5, score).empty());

  const Graph g = Graph::from_edges(4, {});
  const auto nan = [](std::span<const Edge> asked, double* scores) {
    std::fill_n(scores, asked.size(), std::nan(""));
  };
  CHECK(refusal([&] { top_new_links(g, 1, nan); }).says("the pair 0, 1 is NaN"));
  CHECK(refusal([&] { top_new_links(g, -1, score); }).says("k = -1"));
  CHECK(refusal([&] { top_new_links_of(g, 4, 1, score); }).says("node 4, there are 4"));
  CHECK(refusal([&] { top_new_links(Graph::bipartite(1, 1, {}), 1, score); }).code ==
        ErrorCode::unsupported);
}
