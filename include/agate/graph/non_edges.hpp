#pragma once
/// \file
/// The pairs of nodes without an edge, numbered: to count them, to draw from them evenly, to go
/// through all of them without a list of all.

#include <agate/graph/neighbors.hpp>
#include <vector>

namespace AGATE_NAMESPACE {

/// Which pairs count as one.
struct NonEdgeOptions {
  /// Pairs are ordered, and (i, j) is taken by an edge i -> j alone; otherwise they are unordered
  /// and taken by an edge either way. In an undirected graph ordered pairs are the same ones twice.
  bool directed = false;
};

/// The pairs (i, j) of different nodes without an edge, ascending by i, then by j; unordered pairs
/// have i < j. Memory grows with the nodes beside what neighbors() keeps with the graph. Immutable:
/// any number of threads may use it. Error(unsupported) for a bipartite graph.
class NonEdges {
 public:
  explicit NonEdges(const Graph& graph, NonEdgeOptions options = {});

  Index size() const { return first_.back(); }
  /// The k-th pair, 0 <= k < size(), in logarithmic time.
  Edge operator[](Index k) const {
    Edge edge;
    copy(k, k + 1, &edge);
    return edge;
  }
  /// The pairs begin .. end - 1 into out.
  void copy(Index begin, Index end, Edge* out) const;

 private:
  std::span<const NodeId> taken(Index i) const;
  Index place(Index i, NodeId j) const;
  NodeId node_at(Index i, Index place) const;

  Graph graph_;  // keeps linked_ alive
  const Neighbors* linked_;
  bool directed_;
  std::vector<Index> first_;  // per node i the number of its first pair; at the end their number
};

}  // namespace AGATE_NAMESPACE
