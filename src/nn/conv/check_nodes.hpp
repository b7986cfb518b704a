#pragma once
// What every pass of a layer checks: the features against the graph.

#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>

namespace AGATE_NAMESPACE::nn {

void check_nodes(const char* layer, const Graph& graph, const Features& x, Index in);
void check_nodes(const char* layer, const Graph& graph, const Shape& x, Index in);
void check_nodes(const char* layer, const Graph& graph, const Features& x_src, Index in,
                 const Features& x_dst, Index in_dst);

}  // namespace AGATE_NAMESPACE::nn
