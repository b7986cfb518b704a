#pragma once
/// \file
/// A graph from an Eigen sparse adjacency matrix.

#include <Eigen/SparseCore>
#include <agate/core/error.hpp>
#include <agate/graph/graph.hpp>
#include <limits>

namespace AGATE_NAMESPACE::graph {

/// Every stored entry A(i, j) that is not zero is an edge i -> j; edge ids follow Eigen's storage
/// order. With options.undirected each pair is to be stored once (the upper triangle, say).
/// Error(shape) unless A is square, Error(limit) beyond 2^31 - 1 nodes.
template <class Scalar, int kOrder, class StorageIndex>
Graph from_eigen(const Eigen::SparseMatrix<Scalar, kOrder, StorageIndex>& adjacency,
                 GraphOptions options = {}) {
  check(adjacency.rows() == adjacency.cols(), ErrorCode::shape,
        "graph::from_eigen: ", adjacency.rows(), " x ", adjacency.cols(), " is not square");
  check(adjacency.rows() <= std::numeric_limits<NodeId>::max(), ErrorCode::limit,
        "graph::from_eigen: ", adjacency.rows(), " nodes, at most 2^31 - 1 are supported");
  std::vector<Edge> edges;
  edges.reserve(static_cast<std::size_t>(adjacency.nonZeros()));
  using Iterator = typename Eigen::SparseMatrix<Scalar, kOrder, StorageIndex>::InnerIterator;
  for (Eigen::Index k = 0; k < adjacency.outerSize(); ++k)
    for (Iterator entry(adjacency, k); entry; ++entry)
      if (entry.value() != Scalar(0))
        edges.push_back({static_cast<NodeId>(entry.row()), static_cast<NodeId>(entry.col())});
  return Graph::from_edges(adjacency.rows(), edges, options);
}

}  // namespace AGATE_NAMESPACE::graph
