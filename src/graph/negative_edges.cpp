#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/graph/edges.hpp>
#include <agate/graph/negative_edges.hpp>
#include <algorithm>
#include <unordered_set>

namespace AGATE_NAMESPACE {
namespace {

constexpr std::uint64_t tries = 8;
constexpr Edge none{-1, -1};

Edge draw(const Graph& graph, const RandomKey& random, std::uint64_t sample) {
  const auto nodes = static_cast<std::uint64_t>(graph.num_nodes());
  for (std::uint64_t attempt = 0; attempt < tries; ++attempt) {
    const auto words = random.block(sample * tries + attempt);
    const auto i = static_cast<NodeId>(words[0] * nodes >> 32);
    const auto j = static_cast<NodeId>(words[1] * nodes >> 32);
    if (i != j && !has_edge(graph, i, j) && !has_edge(graph, j, i)) return {i, j};
  }
  return none;
}

}  // namespace

std::vector<Edge> sample_negative_edges(const Graph& graph, Index count, const RandomKey& random,
                                        int threads) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "sample_negative_edges: the graph is bipartite, expected one set of nodes");
  std::vector<Edge> edges(static_cast<std::size_t>(std::max<Index>(0, count)));
  parallel_for(threads, std::ssize(edges), 1 << 10, [&](Index begin, Index end) {
    for (Index s = begin; s < end; ++s)
      edges[s] = draw(graph, random, static_cast<std::uint64_t>(s));
  });
  std::erase(edges, none);
  return edges;
}

std::vector<Edge> draw_negative_edges(const Graph& graph, Index count, Random& random,
                                      NonEdgeOptions options) {
  const NonEdges all(graph, options);
  check(count >= 0 && count <= all.size(), ErrorCode::value, "draw_negative_edges: asked for ",
        count, " negative pairs of a graph that has ", all.size());
  // Floyd's draw without repetition: as many numbers as are asked for, each looked up once.
  std::unordered_set<Index> drawn;
  std::vector<Edge> edges;
  edges.reserve(static_cast<std::size_t>(count));
  for (Index last = all.size() - count; last < all.size(); ++last) {
    auto k = static_cast<Index>(random.below(static_cast<std::uint64_t>(last) + 1));
    if (!drawn.insert(k).second) drawn.insert(k = last);
    Edge edge = all[k];
    if (!options.directed && (random.word() & 1)) std::swap(edge.source, edge.target);
    edges.push_back(edge);
  }
  random.shuffle(std::span(edges));
  return edges;
}

}  // namespace AGATE_NAMESPACE
