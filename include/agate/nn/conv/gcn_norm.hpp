#pragma once
/// \file
/// The normalised adjacency of Kipf and Welling, "Semi-Supervised Classification with Graph
/// Convolutional Networks", ICLR 2017.

#include <agate/graph/graph.hpp>
#include <agate/tensor/sparse.hpp>

namespace AGATE_NAMESPACE::nn {

/// Of gcn_norm().
struct GcnNormOptions {
  bool add_self_loops = true;  ///< a loop of weight 1 where a node has none
};

/// A(i, j) = number of messages from j to i, duplicates merged; then a loop for every node that has
/// none; then D^-1/2 A D^-1/2 with D(i) = sum over j of A(i, j). A node without neighbours keeps an
/// empty row. Built once per graph and options, and kept with the graph.
const SparseMatrix& gcn_norm(const Graph& graph, const GcnNormOptions& options = {});

}  // namespace AGATE_NAMESPACE::nn
