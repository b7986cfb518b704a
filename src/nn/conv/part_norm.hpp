#pragma once
// The normalised adjacency of a part of a graph.

#include <agate/graph/graph.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

// From now on gcn_norm(part) is of nodes with these degrees, loops included where they are added,
// rather than of those that they have in the part. Before anything else asks for it.
void set_gcn_norm(const Graph& part, bool add_self_loops, std::span<const double> degrees);

}  // namespace AGATE_NAMESPACE::nn
