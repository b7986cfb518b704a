#pragma once
/// \file
/// The matrices by which layers add up or average the neighbours of a node.

#include <agate/graph/graph.hpp>
#include <agate/tensor/sparse.hpp>

namespace AGATE_NAMESPACE::nn {

/// A(i, j) = number of messages from j to i, duplicates merged (targets x sources). Built once and
/// kept with the graph, as is the next one.
const SparseMatrix& adjacency(const Graph& graph);

/// adjacency(graph) with every row divided by the number of its messages; empty rows stay empty.
const SparseMatrix& mean_adjacency(const Graph& graph);

}  // namespace AGATE_NAMESPACE::nn
