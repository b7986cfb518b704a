#include "explain/scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "explain/axis.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

std::string written(double value) {
  char text[32];
  const bool thousands = value >= 1024 && std::fmod(value, 1024) == 0;
  if (thousands)
    std::snprintf(text, sizeof text, "%gk", value / 1024);
  else
    std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

bool power_of_two(double value) { return std::exp2(std::round(std::log2(value))) == value; }

constexpr std::size_t most_ticks = 9;

}  // namespace

Scale::Scale(const std::vector<double>& numbers, bool logarithmic, double from, double to)
    : logarithmic_(logarithmic), from_(from), to_(to) {
  const auto [low, high] = std::ranges::minmax_element(numbers);
  low_ = *low;
  high_ = *high;
  if (logarithmic_)
    logarithmic_ticks(std::ranges::all_of(numbers, power_of_two) ? 2 : 10);
  else
    even_ticks();
}

void Scale::even_ticks() {
  const Axis axis = round_axis(low_, high_);
  low_ = axis.least;
  high_ = axis.most;
  for (const double tick : axis.ticks()) ticks_.push_back({tick, axis.text(tick)});
}

void Scale::logarithmic_ticks(double base) {
  double first = std::floor(std::log(low_) / std::log(base) + 1e-9);
  double last = std::ceil(std::log(high_) / std::log(base) - 1e-9);
  if (last == first) ++last;
  low_ = std::pow(base, first);
  high_ = std::pow(base, last);
  const double step = std::ceil((last - first + 1) / most_ticks);
  for (double power = first; power <= last; power += step)
    ticks_.push_back({std::pow(base, power), written(std::pow(base, power))});
}

double Scale::operator()(double value) const {
  const double share = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_)
                                    : (value - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

}  // namespace AGATE_NAMESPACE::explain
