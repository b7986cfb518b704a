// What the SIMD kernels of recurrent cells share. Included once per instruction set: no ordinary
// include guard.
#if defined(AGATE_KERNELS_GATES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_GATES_INL
#undef AGATE_KERNELS_GATES_INL
#else
#define AGATE_KERNELS_GATES_INL
#endif

#include <hwy/highway.h>

#include "kernels/exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {

template <class V>
HWY_INLINE V sigmoid(V v) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<Real> d;
  const auto one = hn::Set(d, 1);
  return hn::Div(one, hn::Add(one, exp_or_nan(d, hn::Neg(v))));
}

// As exact as 1 is: what is small is so beside the numbers that it stands among.
template <class V>
HWY_INLINE V tanh_of(V v) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<Real> d;
  const auto one = hn::Set(d, 1), two = hn::Set(d, 2);
  return hn::NegMulAdd(two, sigmoid(hn::Mul(hn::Set(d, -2), v)), one);
}

// The last columns come as the end of a vector that others stand before: those are put back.
template <class V>
HWY_INLINE void store(V v, V before, Index done, Real* to) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<Real> d;
  if (done > 0) v = hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(done)), before, v);
  hn::StoreU(v, d, to);
}

}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
