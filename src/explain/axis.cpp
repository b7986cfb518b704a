#include "explain/axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace AGATE_NAMESPACE::explain {

std::vector<double> Axis::ticks() const {
  std::vector<double> all;
  const long count = std::lround((most - least) / step);
  for (long k = 0; k <= count; ++k) all.push_back(least + static_cast<double>(k) * step);
  return all;
}

std::string Axis::text(double tick) const {
  char text[64];
  const int decimals = static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  if (std::abs(tick) < step / 2) return "0";
  if (decimals > 6 || std::abs(tick) >= 1e5)
    std::snprintf(text, sizeof text, "%.4g", tick);
  else
    std::snprintf(text, sizeof text, "%.*f", std::max(0, decimals), tick);
  return text;
}

Axis round_axis(double least, double most, int parts) {
  const double size = std::max(std::abs(least), std::abs(most));
  // One number gets an axis of its size; numbers too close to be told apart, some room.
  const double span = least == most ? (size > 0 ? size : 1) : std::max(most - least, 1e-9 * size);
  const double raw = span / parts, power = std::pow(10, std::floor(std::log10(raw)));
  const double factor = raw / power <= 1.5   ? 1
                        : raw / power <= 3.5 ? 2
                        : raw / power <= 7.5 ? 5
                                             : 10;
  Axis axis;
  axis.step = factor * power;
  axis.least = axis.step * std::floor(least / axis.step + 1e-6);
  axis.most = axis.step * std::ceil(most / axis.step - 1e-6);
  if (axis.most < axis.least + axis.step / 2) axis.most = axis.least + axis.step;
  return axis;
}

}  // namespace AGATE_NAMESPACE::explain
