#pragma once
/// \file
/// Splitting the edges of a graph into those to learn from and those to be predicted.

#include <agate/graph/graph.hpp>
#include <cstdint>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// Links are pairs of different nodes with an edge, written as the caller wrote the first edge of
/// theirs, in the caller's order. In an undirected graph each pair of nodes is one link; in a
/// directed one the two directions are two, of the same part.
struct LinkSplit {
  Graph message_graph;               ///< all nodes, the training edges and the loops
  std::vector<Index> message_edges;  ///< the ids that its edges have in the whole graph, ascending
  std::vector<Edge> train, val, test;
  /// As many pairs without any edge in the whole graph as there are links in val and in test; all
  /// different.
  std::vector<Edge> val_negatives, test_negatives;
};

/// Hides the shares `val` and `test` of the linked pairs of nodes, chosen at random; the same seed
/// gives the same split on every machine. All edges of a pair are hidden together, duplicates and
/// those of the other direction too, so that none tells of another. Loops are never asked for and
/// stay. Negatives are as many and fixed by the seed; of a directed graph they are ordered pairs,
/// whose other direction may be an edge.
///
/// Error(value) for shares that are negative or leave no link to train on, that round to no link
/// though above 0, or where the graph has too few pairs without an edge; Error(unsupported) for a
/// bipartite graph.
LinkSplit split_links(const Graph& graph, double val, double test, std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::data
