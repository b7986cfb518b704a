// The formulas of the scores for vectors. Included once per instruction set by the SIMD kernels: no
// ordinary include guard.
#if defined(AGATE_KERNELS_SCORES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_SCORES_INL
#undef AGATE_KERNELS_SCORES_INL
#else
#define AGATE_KERNELS_SCORES_INL
#endif

#include <hwy/contrib/math/math-inl.h>

#include "kernels/rows-inl.hpp"
#include "kernels/scores.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

using kernels::AdditiveMlpScore;
using kernels::AdditiveScore;
using kernels::DotScore;
using kernels::GaussianScore;
using kernels::TanhMlpScore;

using N = Vec;
HWY_INLINE Vec sum(Vec a, Vec b) { return hn::Add(a, b); }
HWY_INLINE Vec subtract(Vec a, Vec b) { return hn::Sub(a, b); }
HWY_INLINE Vec multiply(Vec a, Vec b) { return hn::Mul(a, b); }
HWY_INLINE Vec of(Real a) { return hn::Set(hn::ScalableTag<Real>(), a); }
HWY_INLINE Vec load(const Real* from) { return hn::LoadU(hn::ScalableTag<Real>(), from); }
HWY_INLINE Vec if_above(Vec a, Vec b, Vec c) {
  return hn::IfThenElse(hn::Gt(a, hn::Zero(hn::ScalableTag<Real>())), b, c);
}
HWY_INLINE Vec tanh_of(Vec a) {
  return hn::IfThenElse(hn::IsNaN(a), a, hn::Tanh(hn::ScalableTag<Real>(), a));
}

#define AGATE_FORMULA HWY_INLINE
#include "kernels/score_formulas.inc"
#undef AGATE_FORMULA

#endif  // not HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
