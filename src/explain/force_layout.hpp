#pragma once
// A force-directed layout of one connected component.

#include <vector>

#include "explain/layout.hpp"

namespace AGATE_NAMESPACE::explain {

// Linked nodes attract, all nodes repel each other in proportion to their degrees, so that groups
// with many links inside and few to the rest stand apart (ForceAtlas2: Jacomy, Venturini, Heymann,
// Bastian, PLoS ONE 9(6), 2014). In no particular unit.
std::vector<Place> force_layout(const Links& links, std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::explain
