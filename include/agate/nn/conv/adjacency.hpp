#pragma once
/// \file
/// The matrices by which layers add up or average the neighbours of a node.

#include <agate/graph/graph.hpp>
#include <agate/tensor/sparse.hpp>

namespace AGATE_NAMESPACE::nn {

/// A(i, j) = number of messages from j to i, duplicates merged (targets x sources). Built once and
/// kept with the graph, as are the others.
const SparseMatrix& adjacency(const Graph& graph);

/// adjacency(graph) with every row divided by the number of its messages; empty rows stay empty.
const SparseMatrix& mean_adjacency(const Graph& graph);

/// One entry of value 1 per message, in the order of the messages, duplicates kept: to be used with
/// values of its own.
const SparseMatrix& message_matrix(const Graph& graph);

}  // namespace AGATE_NAMESPACE::nn
