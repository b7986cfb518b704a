#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/adam.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/adam_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::adam;
#else
namespace hn = hwy::HWY_NAMESPACE;

void adam(const kernels::AdamStep& s, Index n, const Real* HWY_RESTRICT gradient,
          Real* HWY_RESTRICT w, Real* HWY_RESTRICT m, Real* HWY_RESTRICT v) {
  const hn::ScalableTag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto scale = hn::Set(d, s.scale), decay = hn::Set(d, s.decay);
  const auto beta1 = hn::Set(d, s.beta1), new1 = hn::Set(d, 1 - s.beta1);
  const auto beta2 = hn::Set(d, s.beta2), new2 = hn::Set(d, 1 - s.beta2);
  const auto rate = hn::Set(d, s.rate), correction = hn::Set(d, s.correction);
  const auto eps = hn::Set(d, s.eps), keep = hn::Set(d, s.keep);
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto weight = hn::LoadU(d, w + i);
    const auto g = hn::MulAdd(scale, hn::LoadU(d, gradient + i), hn::Mul(decay, weight));
    const auto first = hn::MulAdd(beta1, hn::LoadU(d, m + i), hn::Mul(new1, g));
    const auto second = hn::MulAdd(beta2, hn::LoadU(d, v + i), hn::Mul(hn::Mul(new2, g), g));
    const auto root = hn::MulAdd(hn::Sqrt(second), correction, eps);
    hn::StoreU(first, d, m + i);
    hn::StoreU(second, d, v + i);
    hn::StoreU(hn::Sub(hn::Mul(keep, weight), hn::Div(hn::Mul(rate, first), root)), d, w + i);
  }
  kernels::scalar::adam(s, n - i, gradient + i, w + i, m + i, v + i);
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(adam);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void adam(const AdamStep& step, Index n, const Real* gradient, Real* w, Real* m, Real* v) {
  HWY_DYNAMIC_DISPATCH(agate::adam)(step, n, gradient, w, m, v);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
