#pragma once
// How many nodes, and columns of sparse features, the numbers that stand for them can tell apart.

#include <agate/core/config.hpp>
#include <limits>

namespace AGATE_NAMESPACE::data {

inline constexpr Index most_nodes = std::numeric_limits<NodeId>::max();
inline constexpr Index most_columns = std::numeric_limits<NodeId>::max();

}  // namespace AGATE_NAMESPACE::data
