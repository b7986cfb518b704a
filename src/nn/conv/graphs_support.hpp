#pragma once
// Which nodes see each other in attention without edges.

#include <agate/attention/support.hpp>

namespace AGATE_NAMESPACE::nn {

// All pairs inside each graph of a packed batch; without offsets there is one. Error(shape) when
// the offsets do not end at `rows`.
Support graphs_support(const char* layer, Index rows, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE::nn
