#include "explain/label_places.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

double overlap(const Area& a, const Area& b) {
  const double across = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const double down = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  return across > 0 && down > 0 ? across * down : 0;
}

Area around(Place at, double radius) {
  return {at.x - radius, at.y - radius, 2 * radius, 2 * radius};
}

// The length of the part of a line inside a box, by walking along it.
double line_inside(Place from, Place to, const Area& box) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const int steps = static_cast<int>(length / 4) + 1;
  int inside = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    const double x = from.x + t * (to.x - from.x), y = from.y + t * (to.y - from.y);
    inside += x > box.left && x < box.left + box.width && y > box.top && y < box.top + box.height;
  }
  return length * inside / (steps + 1);
}

}  // namespace

std::vector<Area> place_labels(const Area& area, const Layout& layout, const Links& links,
                               std::span<const double> widths, double height) {
  const std::size_t n = layout.places.size();
  std::vector<Area> labels;
  const auto cost = [&](const Area& box) {
    double sum = 20 * (box.width * box.height - overlap(box, area));
    for (const Area& other : labels) sum += 6 * overlap(box, other);
    for (std::size_t j = 0; j < n; ++j) {
      sum += 4 * overlap(box, around(layout.places[j], layout.radii[j]));
      for (NodeId end : links.of(static_cast<Index>(j)))
        if (static_cast<std::size_t>(end) > j)
          sum += line_inside(layout.places[j], layout.places[end], box);
    }
    return sum;
  };
  for (std::size_t i = 0; i < n; ++i) {
    const Place at = layout.places[i];
    const double r = layout.radii[i] + 2, w = widths[i], s = 0.7 * r;
    const std::array<Area, 8> choices{{{at.x + r, at.y - 0.5 * height, w, height},
                                       {at.x - r - w, at.y - 0.5 * height, w, height},
                                       {at.x - 0.5 * w, at.y - r - height, w, height},
                                       {at.x - 0.5 * w, at.y + r, w, height},
                                       {at.x + s, at.y - s - height, w, height},
                                       {at.x + s, at.y + s, w, height},
                                       {at.x - s - w, at.y - s - height, w, height},
                                       {at.x - s - w, at.y + s, w, height}}};
    std::array<double, 8> costs{};
    for (std::size_t k = 0; k < choices.size(); ++k)
      costs[k] = cost(choices[k]) + static_cast<double>(k);  // the first ones look better
    const auto best = std::min_element(costs.begin(), costs.end()) - costs.begin();
    labels.push_back(choices[static_cast<std::size_t>(best)]);
  }
  return labels;
}

}  // namespace AGATE_NAMESPACE::explain
