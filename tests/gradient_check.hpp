#pragma once
// Gradients by central differences, in double.

#include <agate/tensor/tape.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "catch.hpp"

namespace AGATE_NAMESPACE {

/// The largest |analytic - numeric| / max(1, |analytic|, |numeric|) over the elements of `value`,
/// of the function that `evaluate` computes from its current elements. At most `most` elements,
/// evenly spread, are tried.
inline double gradient_error(Tensor value, const Tensor& analytic,
                             const std::function<double()>& evaluate, Index most = 60) {
  double worst = 0;
  const Index stride = std::max<Index>(1, value.size() / most);
  for (Index i = 0; i < value.size(); i += stride) {
    const double at = value.data()[i], a = analytic.data()[i];
    // Five points: the error of the formula falls with the fourth power of the step. The shorter
    // step serves where a kink of the function lies within the longer one.
    auto error = [&](double step) {
      auto f = [&](double h) {
        value.data()[i] = at + h;
        return evaluate();
      };
      const double numeric =
          (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
      value.data()[i] = at;
      return std::abs(a - numeric) / std::max({1.0, std::abs(a), std::abs(numeric)});
    };
    double e = error(1e-4);
    if (e > 1e-7) e = std::min(e, error(1e-6));
    worst = std::max(worst, e);
  }
  return worst;
}

}  // namespace AGATE_NAMESPACE
