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
    const double at = value.data()[i], step = 1e-4;
    // Five points: the error of the formula falls with the fourth power of the step.
    auto f = [&](double h) {
      value.data()[i] = at + h;
      return evaluate();
    };
    const double numeric = (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
    value.data()[i] = at;
    const double a = analytic.data()[i];
    worst =
        std::max(worst, std::abs(a - numeric) / std::max({1.0, std::abs(a), std::abs(numeric)}));
  }
  return worst;
}

}  // namespace AGATE_NAMESPACE
