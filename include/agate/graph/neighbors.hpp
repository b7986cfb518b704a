#pragma once
/// \file
/// Who is linked to whom as plain sets: no duplicates, no loops.

#include <agate/graph/graph.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// Per node a set of other nodes, ascending.
struct Neighbors {
  std::vector<Index> offsets;  ///< nodes + 1
  std::vector<NodeId> nodes;

  /// Those of node i.
  std::span<const NodeId> of(Index i) const {
    return {nodes.data() + offsets[i], nodes.data() + offsets[i + 1]};
  }
  /// How many those of node i are.
  Index degree(Index i) const { return offsets[i + 1] - offsets[i]; }
};

/// The nodes linked to each node, whichever way the edges run. Built once and kept with the graph.
/// Error(unsupported) for a bipartite graph.
const Neighbors& neighbors(const Graph& graph);

/// The nodes that each node sends a message to: in an undirected graph its neighbours. Built once
/// and kept with the graph. Error(unsupported) for a bipartite graph.
const Neighbors& successors(const Graph& graph);

}  // namespace AGATE_NAMESPACE
