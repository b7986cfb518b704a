#include "kernels/adam.hpp"

#include <cmath>

#include "kernels/elementary.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

void scalar::adam(const AdamStep& s, Index n, const Real* gradient, Real* w, Real* m, Real* v) {
  for (Index i = 0; i < n; ++i) {
    const Real g = s.scale * gradient[i] + s.decay * w[i];
    m[i] = s.beta1 * m[i] + (1 - s.beta1) * g;
    v[i] = s.beta2 * v[i] + (1 - s.beta2) * g * g;
    w[i] = s.keep * w[i] - s.rate * m[i] / (std::sqrt(v[i]) * s.correction + s.eps);
  }
}

void adam(const AdamStep& step, Index n, const Real* gradient, Real* w, Real* m, Real* v) {
  AGATE_KERNEL(adam)(step, n, gradient, w, m, v);
}

}  // namespace AGATE_NAMESPACE::kernels
