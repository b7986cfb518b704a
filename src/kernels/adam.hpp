#pragma once
// Adam's step over runs of numbers, SIMD where the build has it.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

struct AdamStep {
  Real scale;  // of the gradient
  Real decay;  // what of the weight is added to it
  Real beta1, beta2;
  Real rate;        // of the step, with the correction of the first moment
  Real correction;  // of the root of the second moment
  Real eps;
  Real keep;  // of the weight, what a decoupled decay leaves
};

// With g = scale * gradient + decay * w: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2)
// g^2, w = keep * w - rate * m / (sqrt(v) * correction + eps).
void adam(const AdamStep& step, Index n, const Real* gradient, Real* w, Real* m, Real* v);

namespace scalar {
void adam(const AdamStep& step, Index n, const Real* gradient, Real* w, Real* m, Real* v);
}  // namespace scalar
namespace vectorized {
void adam(const AdamStep& step, Index n, const Real* gradient, Real* w, Real* m, Real* v);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
