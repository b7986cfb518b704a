#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/graph/negative_edges.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {
namespace {

constexpr std::uint64_t tries = 8;
constexpr Edge none{-1, -1};

bool has_message(const Graph& graph, NodeId source, NodeId target) {
  const auto all = graph.sources();
  return std::binary_search(all.begin() + graph.offsets()[target],
                            all.begin() + graph.offsets()[target + 1], source);
}

Edge draw(const Graph& graph, const RandomKey& random, std::uint64_t sample) {
  const auto nodes = static_cast<std::uint64_t>(graph.num_nodes());
  for (std::uint64_t attempt = 0; attempt < tries; ++attempt) {
    const auto words = random.block(sample * tries + attempt);
    const auto i = static_cast<NodeId>(words[0] * nodes >> 32);
    const auto j = static_cast<NodeId>(words[1] * nodes >> 32);
    if (i != j && !has_message(graph, i, j) && !has_message(graph, j, i)) return {i, j};
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

}  // namespace AGATE_NAMESPACE
