#pragma once
// What the adjacency matrices are made from.

#include <agate/graph/graph.hpp>
#include <agate/tensor/sparse.hpp>

namespace AGATE_NAMESPACE::nn {

// One entry for each pair of nodes that exchange messages, its value the number of messages; with
// add_self_loops also a loop of value 1 at every node that has none.
CsrArrays merged_messages(const Graph& graph, bool add_self_loops);

}  // namespace AGATE_NAMESPACE::nn
