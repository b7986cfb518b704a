#pragma once
// A scale of round numbers.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

struct Axis {
  double least = 0, most = 1, step = 1;  // least and most are multiples of the step, 1, 2 or 5
                                         // times a power of ten
  std::vector<double> ticks() const;     // least, least + step, ..., most
  std::string text(double tick) const;   // with as many decimals as the step needs
};

// Covers [least, most] with about `parts` steps. Any two finite numbers, least <= most.
Axis round_axis(double least, double most, int parts = 5);

}  // namespace AGATE_NAMESPACE::explain
