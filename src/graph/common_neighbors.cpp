#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/graph/common_neighbors.hpp>
#include <cmath>

#include "graph/shared.hpp"

namespace AGATE_NAMESPACE {

void check_pairs(const char* name, const Graph& graph, std::span<const Edge> pairs) {
  const Index n = graph.num_nodes();
  for (std::size_t p = 0; p < pairs.size(); ++p)
    for (const NodeId node : {pairs[p].source, pairs[p].target})
      check(node >= 0 && node < n, ErrorCode::shape, name, ": pair ", p, " names node ", node,
            ", there are ", n);
}

std::vector<double> node_weights(const Neighbors& linked, NeighborWeight weight) {
  std::vector<double> weights(linked.offsets.size() - 1, 1);
  if (weight == NeighborWeight::one) return weights;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto degree = static_cast<double>(linked.degree(static_cast<Index>(i)));
    const double divisor = weight == NeighborWeight::inverse_degree ? degree : std::log(degree);
    weights[i] = divisor > 0 ? 1 / divisor : 0;
  }
  return weights;
}

CommonNeighbors common_neighbors(const Graph& graph, std::span<const Edge> pairs,
                                 NeighborWeight weight, int threads) {
  check_pairs("common_neighbors", graph, pairs);
  const Neighbors& linked = neighbors(graph);
  const auto weights = node_weights(linked, weight);
  const auto for_pair = [&](Index p, auto visit) {
    for_shared(linked.of(pairs[p].source), linked.of(pairs[p].target), visit);
  };
  constexpr Index grain = 1 << 10;
  CommonNeighbors common;
  common.offsets.assign(pairs.size() + 1, 0);
  parallel_for(threads, std::ssize(pairs), grain, [&](Index begin, Index end) {
    for (Index p = begin; p < end; ++p) {
      Index count = 0;
      for_pair(p, [&](NodeId) { ++count; });
      common.offsets[p + 1] = count;
    }
  });
  for (std::size_t p = 0; p < pairs.size(); ++p) common.offsets[p + 1] += common.offsets[p];
  common.nodes.resize(static_cast<std::size_t>(common.offsets.back()));
  common.weights.resize(common.nodes.size());
  parallel_for(threads, std::ssize(pairs), grain, [&](Index begin, Index end) {
    for (Index p = begin; p < end; ++p)
      for_pair(p, [&, at = common.offsets[p]](NodeId node) mutable {
        common.nodes[at] = node;
        common.weights[at++] = weights[node];
      });
  });
  return common;
}

}  // namespace AGATE_NAMESPACE
