#pragma once
// Where the names of nodes stand beside them.

#include <span>
#include <vector>

#include "explain/layout.hpp"

namespace AGATE_NAMESPACE::explain {

// For each node the box of a text of that width and of `height`: beside, above or below the node,
// wherever it covers least of other nodes, of texts placed before and of links; inside `area`.
// For up to some hundred nodes.
std::vector<Area> place_labels(const Area& area, const Layout& layout, const Links& links,
                               std::span<const double> widths, double height);

}  // namespace AGATE_NAMESPACE::explain
