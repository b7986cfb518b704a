#pragma once
/// \file
/// Negative samples: pairs of nodes without an edge, for losses that tell edges from others and for
/// what such losses are measured by.

#include <agate/core/random.hpp>
#include <agate/graph/graph.hpp>
#include <agate/graph/non_edges.hpp>
#include <vector>

namespace AGATE_NAMESPACE {

/// `count` pairs of different nodes, drawn evenly and with repetition among those of which no
/// message runs from one to the other, in either direction; fewer where most pairs are linked, for
/// each is tried a few times only. A function of `random` alone, not of the number of threads.
/// Error(unsupported) for a bipartite graph.
std::vector<Edge> sample_negative_edges(const Graph& graph, Index count, const RandomKey& random,
                                        int threads = 0);

/// Exactly `count` pairs, all different, drawn evenly among all NonEdges, in random order; an
/// unordered pair is written either way with the same chance. However few are left, none is an edge
/// or a loop. Linear in the size of the graph and in count. Error(value) where the graph has fewer
/// such pairs, Error(unsupported) for a bipartite graph.
std::vector<Edge> draw_negative_edges(const Graph& graph, Index count, Random& random,
                                      NonEdgeOptions options = {});

}  // namespace AGATE_NAMESPACE
