#include "explain/quadtree.hpp"

#include <algorithm>

namespace AGATE_NAMESPACE::explain {

Quadtree::Quadtree(const std::vector<Place>& places, const std::vector<double>& masses) {
  if (places.empty()) return;
  Place low = places[0], high = places[0];
  for (std::size_t i = 0; i < places.size(); ++i) {
    bodies_.push_back({places[i].x, places[i].y, masses[i]});
    low = {std::min(low.x, places[i].x), std::min(low.y, places[i].y)};
    high = {std::max(high.x, places[i].x), std::max(high.y, places[i].y)};
  }
  build(0, bodies_.size(), low, std::max(high.x - low.x, high.y - low.y), 0);
}

void Quadtree::build(std::size_t begin, std::size_t end, Place corner, double size, int depth) {
  constexpr std::size_t leaf_bodies = 8;
  constexpr int deepest = 32;  // coincident nodes cannot be told apart by dividing further
  const std::size_t at = cells_.size();
  Cell cell{.size = size, .begin = begin, .end = end};
  for (std::size_t i = begin; i < end; ++i) {
    cell.mass += bodies_[i].mass;
    cell.x += bodies_[i].mass * bodies_[i].x;
    cell.y += bodies_[i].mass * bodies_[i].y;
  }
  cell.x /= cell.mass;
  cell.y /= cell.mass;
  cell.leaf = end - begin <= leaf_bodies || depth == deepest;
  cells_.push_back(cell);
  if (!cell.leaf) {
    const double half = 0.5 * size;
    const Place middle{corner.x + half, corner.y + half};
    const auto body = [&](std::size_t i) { return bodies_.begin() + static_cast<Index>(i); };
    const auto split = [&](std::size_t from, std::size_t to, auto&& first) {
      return static_cast<std::size_t>(std::partition(body(from), body(to), first) -
                                      bodies_.begin());
    };
    const auto is_left = [&](const Body& b) { return b.x < middle.x; };
    const auto is_low = [&](const Body& b) { return b.y < middle.y; };
    const std::size_t m = split(begin, end, is_left);
    const std::size_t l = split(begin, m, is_low), r = split(m, end, is_low);
    if (begin < l) build(begin, l, corner, half, depth + 1);
    if (l < m) build(l, m, {corner.x, middle.y}, half, depth + 1);
    if (m < r) build(m, r, {middle.x, corner.y}, half, depth + 1);
    if (r < end) build(r, end, middle, half, depth + 1);
  }
  cells_[at].after = cells_.size();
}

Place Quadtree::repulsion(Place at) const {
  constexpr double opening = 0.8;  // a cell this many times smaller than it is far acts as one
  Place force;
  const auto push = [&](double x, double y, double mass) {
    const double dx = at.x - x, dy = at.y - y, squared = dx * dx + dy * dy;
    if (squared == 0) return;  // the node itself
    force.x += mass * dx / squared;
    force.y += mass * dy / squared;
  };
  for (std::size_t c = 0; c < cells_.size();) {
    const Cell& cell = cells_[c];
    const double dx = at.x - cell.x, dy = at.y - cell.y;
    const bool far = cell.size * cell.size < opening * opening * (dx * dx + dy * dy);
    if (far)
      push(cell.x, cell.y, cell.mass);
    else if (cell.leaf)
      for (std::size_t i = cell.begin; i < cell.end; ++i)
        push(bodies_[i].x, bodies_[i].y, bodies_[i].mass);
    c = far || cell.leaf ? cell.after : c + 1;
  }
  return force;
}

}  // namespace AGATE_NAMESPACE::explain
