#pragma once
// A step of Adam on an array, for the optimiser.

#include <agate/core/parallel.hpp>
#include <agate/tensor/tensor.hpp>

#include "kernels/adam.hpp"

namespace AGATE_NAMESPACE {

using kernels::AdamStep;

// The weight and its two moments, of the shape of the gradient, are brought forward by one step.
inline void adam_step(const AdamStep& step, const Tensor& gradient, Tensor& weight, Tensor& first,
                      Tensor& second, int threads) {
  constexpr Index grain = 1 << 14;
  Real *w = weight.data(), *m = first.data(), *v = second.data();
  const Real* from = gradient.data();
  parallel_for(threads, gradient.size(), grain, [=, &step](Index begin, Index end) {
    kernels::adam(step, end - begin, from + begin, w + begin, m + begin, v + begin);
  });
}

}  // namespace AGATE_NAMESPACE
