#pragma once
// From numbers to pixels, evenly or in logarithms, and the numbers that are written beside it.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

struct Tick {
  double value;
  std::string text;
};

// Leads from [low, high] to [from, to] pixels, evenly or in logarithms. The range is widened to
// whole ticks.
class Scale {
 public:
  // Of numbers that are finite, and positive if `logarithmic`. A logarithmic scale goes in powers
  // of two when all numbers are such, of ten otherwise.
  Scale(const std::vector<double>& numbers, bool logarithmic, double from, double to);
  double operator()(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  void even_ticks();
  void logarithmic_ticks(double base);
  bool logarithmic_;
  double low_, high_, from_, to_;
  std::vector<Tick> ticks_;
};

}  // namespace AGATE_NAMESPACE::explain
