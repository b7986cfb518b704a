#include "explain/axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

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

Axis::Axis(const std::vector<double>& numbers, bool logarithmic, double from, double to)
    : logarithmic_(logarithmic), from_(from), to_(to) {
  const auto [low, high] = std::ranges::minmax_element(numbers);
  low_ = *low;
  high_ = *high;
  if (logarithmic_)
    logarithmic_ticks(std::ranges::all_of(numbers, power_of_two) ? 2 : 10);
  else
    even_ticks();
}

// Steps of 1, 2 or 5 times a power of ten.
void Axis::even_ticks() {
  if (high_ == low_) high_ = low_ + (low_ == 0 ? 1 : std::abs(low_));
  const double rough = (high_ - low_) / 5, size = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * size;
  for (const double part : {5.0, 2.0, 1.0})
    if (part * size >= rough) step = part * size;
  low_ = std::floor(low_ / step) * step;
  high_ = std::ceil(high_ / step) * step;
  const auto count = static_cast<int>(std::lround((high_ - low_) / step));
  for (int k = 0; k <= count; ++k) ticks_.push_back({low_ + k * step, written(low_ + k * step)});
}

void Axis::logarithmic_ticks(double base) {
  double first = std::floor(std::log(low_) / std::log(base) + 1e-9);
  double last = std::ceil(std::log(high_) / std::log(base) - 1e-9);
  if (last == first) ++last;
  low_ = std::pow(base, first);
  high_ = std::pow(base, last);
  const double step = std::ceil((last - first + 1) / most_ticks);
  for (double power = first; power <= last; power += step)
    ticks_.push_back({std::pow(base, power), written(std::pow(base, power))});
}

double Axis::operator()(double value) const {
  const double share = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_)
                                    : (value - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

}  // namespace AGATE_NAMESPACE::explain
