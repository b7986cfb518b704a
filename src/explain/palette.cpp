#include "explain/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue, 0 to 255

Colour mixed(const Colour& colour, double other, double share) {
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = colour[i] + share * (other - colour[i]);
  return result;
}

Colour colour_of(int of_class) {
  // Ordered so that the first few differ in lightness too, for prints in grey.
  constexpr std::array<Colour, 8> base{{{0, 114, 178},
                                        {230, 159, 0},
                                        {0, 158, 115},
                                        {213, 94, 0},
                                        {86, 180, 233},
                                        {204, 121, 167},
                                        {240, 228, 66},
                                        {0, 0, 0}}};
  if (of_class < 0) return {160, 160, 160};
  const auto c = static_cast<std::size_t>(of_class);
  constexpr double white = 255, black = 0;
  switch (c / base.size() % 4) {
    case 0:
      return base[c % base.size()];
    case 1:
      return mixed(base[c % base.size()], white, 0.5);
    case 2:
      return mixed(mixed(base[c % base.size()], white, 0.2), black, 0.45);
    default:
      return mixed(base[c % base.size()], white, 0.75);
  }
}

// Between published steps of the map, mixed in a straight line.
Colour viridis(double share) {
  constexpr std::array<Colour, 10> steps{{{68, 1, 84},
                                          {72, 40, 120},
                                          {62, 73, 137},
                                          {49, 104, 142},
                                          {38, 130, 142},
                                          {31, 158, 137},
                                          {53, 183, 121},
                                          {110, 206, 88},
                                          {181, 222, 43},
                                          {253, 231, 37}}};
  const double at = std::clamp(share, 0.0, 1.0) * (steps.size() - 1);
  const std::size_t k = std::min(static_cast<std::size_t>(at), steps.size() - 2);
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = steps[k][i] + (at - static_cast<double>(k)) * (steps[k + 1][i] - steps[k][i]);
  return result;
}

std::string hex(const Colour& colour) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "#";
  for (double part : colour) {
    const auto value = static_cast<unsigned>(std::lround(part));
    text += {digits[value / 16], digits[value % 16]};
  }
  return text;
}

// Black or white.
std::string readable_on(const Colour& c) {
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] > 125 ? "#000" : "#fff";
}

}  // namespace

std::string class_colour(int of_class) { return hex(colour_of(of_class)); }
std::string text_colour_on(int of_class) { return readable_on(colour_of(of_class)); }
std::string scale_colour(double share) { return hex(viridis(share)); }
std::string text_colour_on_scale(double share) { return readable_on(viridis(share)); }

}  // namespace AGATE_NAMESPACE::explain
