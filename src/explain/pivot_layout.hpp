#pragma once
// A first layout of a connected graph from the lengths of shortest paths (Brandes & Pich:
// "Eigensolver methods for progressive multidimensional scaling of large data", 2006).

#include <vector>

#include "explain/layout.hpp"

namespace AGATE_NAMESPACE::explain {

// In units of hops, around the origin; nodes that look alike may coincide.
std::vector<Place> pivot_layout(const Links& links);

}  // namespace AGATE_NAMESPACE::explain
