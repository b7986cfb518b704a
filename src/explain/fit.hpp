#pragma once
// From a layout in no particular unit to pixels inside a box.

#include <vector>

#include "explain/layout.hpp"

namespace AGATE_NAMESPACE::explain {

// Draws outliers in so that they do not squeeze the rest, turns the layout as it fills the box
// best, fills the box, makes nodes smaller where links are short, and moves nodes apart that
// overlap.
void fit_into(const Area& box, const Links& links, std::vector<double>& radii,
              std::vector<Place>& places);

}  // namespace AGATE_NAMESPACE::explain
