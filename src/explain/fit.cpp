#include "explain/fit.hpp"

#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

double quantile(std::vector<double> values, double share) {
  const auto at = static_cast<Index>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

void turn(double angle, std::vector<Place>& places) {
  const double c = std::cos(angle), s = std::sin(angle);
  for (Place& p : places) p = {c * p.x + s * p.y, c * p.y - s * p.x};
}

// The direction of largest variance along x.
void turn_flat(std::vector<Place>& places) {
  const auto n = static_cast<double>(places.size());
  Place mean;
  for (const Place& p : places) mean = {mean.x + p.x / n, mean.y + p.y / n};
  double xx = 0, xy = 0, yy = 0;
  for (const Place& p : places) {
    const double x = p.x - mean.x, y = p.y - mean.y;
    xx += x * x, xy += x * y, yy += y * y;
  }
  turn(0.5 * std::atan2(2 * xy, xx - yy), places);
}

// Beyond the ellipse that holds most nodes, distances grow with their logarithm only.
void draw_in_outliers(std::vector<Place>& places) {
  std::vector<double> xs, ys, far;
  for (const Place& p : places) xs.push_back(p.x), ys.push_back(p.y);
  const Place middle{quantile(xs, 0.5), quantile(ys, 0.5)};
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = {places[i].x - middle.x, places[i].y - middle.y};
    xs[i] = std::abs(places[i].x);
    ys[i] = std::abs(places[i].y);
  }
  const Place usual{quantile(xs, 0.85), quantile(ys, 0.85)};
  if (usual.x <= 0 || usual.y <= 0) return;
  for (const Place& p : places) far.push_back(std::hypot(p.x / usual.x, p.y / usual.y));
  const double most = quantile(far, 0.9);
  if (*std::max_element(far.begin(), far.end()) < 1.6 * most) return;  // no outliers
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (far[i] <= most) continue;
    const double shrink = (1 + 0.35 * std::log(far[i] / most)) * most / far[i];
    places[i] = {places[i].x * shrink, places[i].y * shrink};
  }
}

struct Bounds {
  Place low, high;
  double width() const { return high.x - low.x; }
  double height() const { return high.y - low.y; }
};

Bounds bounds_of(const std::vector<Place>& places) {
  Bounds b{places[0], places[0]};
  for (const Place& p : places) {
    b.low = {std::min(b.low.x, p.x), std::min(b.low.y, p.y)};
    b.high = {std::max(b.high.x, p.x), std::max(b.high.y, p.y)};
  }
  return b;
}

// By what to multiply x and y so that the bounds fill a width and a height.
Place scales(const Bounds& bounds, double width, double height) {
  constexpr double stretch = 1.35;  // the most by which one direction may be favoured
  const double tiny = 1e-9 * (bounds.width() + bounds.height()) + 1e-300;
  const double x = width / std::max(bounds.width(), tiny);
  const double y = height / std::max(bounds.height(), tiny);
  return {std::min(x, stretch * y), std::min(y, stretch * x)};
}

// Turned as it can be drawn largest, then scaled.
void fill(const Area& box, double margin, std::vector<Place>& places) {
  const double width = std::max(box.width - 2 * margin, 1.0);
  const double height = std::max(box.height - 2 * margin, 1.0);
  constexpr int turns = 60;
  const double turn_by = 3.14159265358979 / turns;
  double best = -1;
  std::vector<Place> chosen;
  for (int k = 0; k < turns; ++k, turn(turn_by, places)) {
    const Place scale = scales(bounds_of(places), width, height);
    if (scale.x * scale.y <= 1.02 * best) continue;  // the first, flat, unless others are better
    best = scale.x * scale.y;
    chosen = places;
  }
  const Bounds bounds = bounds_of(chosen);
  const Place scale = scales(bounds, width, height);
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = {
        box.left + 0.5 * box.width + scale.x * (chosen[i].x - 0.5 * (bounds.low.x + bounds.high.x)),
        box.top + 0.5 * box.height +
            scale.y * (chosen[i].y - 0.5 * (bounds.low.y + bounds.high.y))};
}

// So that the usual link can be seen between its nodes.
void shrink_nodes(const Links& links, const std::vector<Place>& places,
                  std::vector<double>& radii) {
  std::vector<double> lengths;
  for (std::size_t i = 0; i < places.size(); ++i)
    for (NodeId end : links.of(static_cast<Index>(i)))
      lengths.push_back(std::hypot(places[end].x - places[i].x, places[end].y - places[i].y));
  const double factor = std::clamp(0.35 * quantile(lengths, 0.5) / quantile(radii, 0.5), 0.45, 1.0);
  for (double& radius : radii) radius *= factor;
}

// Nodes by the square of a grid they stand in, squares as wide as the widest reach of a pair.
class Grid {
 public:
  Grid(const Area& box, double square, const std::vector<Place>& places)
      : box_(box),
        square_(square),
        columns_(static_cast<Index>(box.width / square) + 1),
        rows_(static_cast<Index>(box.height / square) + 1),
        first_(static_cast<std::size_t>(columns_ * rows_), -1),
        next_(places.size(), -1) {
    for (std::size_t i = places.size(); i-- > 0;) {
      Index& head = first_[static_cast<std::size_t>(row(places[i]) * columns_ + column(places[i]))];
      next_[i] = head;
      head = static_cast<Index>(i);
    }
  }

  template <class Visit>
  void near(Place at, Visit&& visit) const {
    for (Index r = std::max<Index>(row(at) - 1, 0); r <= std::min(row(at) + 1, rows_ - 1); ++r)
      for (Index c = std::max<Index>(column(at) - 1, 0);
           c <= std::min(column(at) + 1, columns_ - 1); ++c)
        for (Index i = first_[static_cast<std::size_t>(r * columns_ + c)]; i >= 0;
             i = next_[static_cast<std::size_t>(i)])
          visit(static_cast<std::size_t>(i));
  }

 private:
  Index column(Place p) const {
    return std::clamp(static_cast<Index>((p.x - box_.left) / square_), Index{0}, columns_ - 1);
  }
  Index row(Place p) const {
    return std::clamp(static_cast<Index>((p.y - box_.top) / square_), Index{0}, rows_ - 1);
  }
  Area box_;
  double square_;
  Index columns_, rows_;
  std::vector<Index> first_, next_;
};

// One round; tells whether any pair overlapped.
bool move_apart(const Area& box, const std::vector<double>& radii, double gap, double widest,
                std::vector<Place>& places) {
  const Grid grid(box, 2 * widest + gap, places);
  bool overlapped = false;
  std::vector<Place> moved = places;
  for (std::size_t i = 0; i < places.size(); ++i)
    grid.near(places[i], [&](std::size_t j) {
      if (j <= i) return;
      const double dx = places[j].x - places[i].x, dy = places[j].y - places[i].y;
      const double apart = std::hypot(dx, dy), wanted = radii[i] + radii[j] + gap;
      if (apart >= wanted) return;
      overlapped = true;
      const double push = 0.4 * (wanted - apart);
      const double x = apart > 0 ? dx / apart : 1, y = apart > 0 ? dy / apart : 0;
      moved[i] = {moved[i].x - push * x, moved[i].y - push * y};
      moved[j] = {moved[j].x + push * x, moved[j].y + push * y};
    });
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double r = radii[i];
    places[i] = {std::max(box.left + r, std::min(moved[i].x, box.left + box.width - r)),
                 std::max(box.top + r, std::min(moved[i].y, box.top + box.height - r))};
  }
  return overlapped;
}

}  // namespace

void fit_into(const Area& box, const Links& links, std::vector<double>& radii,
              std::vector<Place>& places) {
  turn_flat(places);
  draw_in_outliers(places);
  fill(box, *std::max_element(radii.begin(), radii.end()) + 2, places);
  shrink_nodes(links, places, radii);
  const double widest = *std::max_element(radii.begin(), radii.end());
  for (int round = 0; round < 60; ++round)
    if (!move_apart(box, radii, 0.25 * radii[0], widest, places)) break;
}

}  // namespace AGATE_NAMESPACE::explain
