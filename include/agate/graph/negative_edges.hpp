#pragma once
/// \file
/// Negative samples: pairs of nodes without an edge, for losses that tell edges from others.

#include <agate/core/random.hpp>
#include <agate/graph/graph.hpp>
#include <vector>

namespace AGATE_NAMESPACE {

/// `count` pairs of different nodes, drawn evenly and with repetition among those of which no
/// message runs from one to the other, in either direction; fewer where most pairs are linked, for
/// each is tried a few times only. A function of `random` alone, not of the number of threads.
/// Error(unsupported) for a bipartite graph.
std::vector<Edge> sample_negative_edges(const Graph& graph, Index count, const RandomKey& random,
                                        int threads = 0);

}  // namespace AGATE_NAMESPACE
