// Included once per instruction set by the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_EXP_INL
#undef AGATE_KERNELS_EXP_INL
#else
#define AGATE_KERNELS_EXP_INL
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {

// Highway 1.0.3's Exp(NaN) is 0, and beyond 104 (706 of doubles) it is anything: from 89 (710) on
// the true value is infinite, as it is there.
template <class D, class V>
HWY_INLINE V exp_or_nan(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const auto most = hn::Set(d, sizeof(hn::TFromD<D>) == 4 ? 89 : 710);
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, hn::Min(x, most)));
}

// Nor does its Log promise to pass NaN on.
template <class D, class V>
HWY_INLINE V log_or_nan(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Log(d, x));
}

}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
