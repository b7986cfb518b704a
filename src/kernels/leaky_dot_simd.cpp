#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/leaky_dot.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/leaky_dot_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/columns-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::leaky_dot;
using kernels::scalar::leaky_dot_backward;
#else
namespace hn = hwy::HWY_NAMESPACE;
using kernels::LeakyDot;

Real leaky_dot(const LeakyDot& r) {
  if (less_than_a_vector(r.n)) return kernels::scalar::leaky_dot(r);
  const hn::ScalableTag<Real> d;
  const auto slope = hn::Set(d, r.negative_slope);
  auto total = hn::Zero(d);
  for_columns(r.n, [&](Index c, Index done) HWY_ATTR {
    const auto sum = hn::Add(hn::LoadU(d, r.a + c), hn::LoadU(d, r.b + c));
    const auto leaky = hn::IfThenElse(hn::Gt(sum, hn::Zero(d)), sum, hn::Mul(slope, sum));
    const auto by = hn::LoadU(d, r.by + c);
    total = done == 0 ? hn::MulAdd(by, leaky, total)
                      : hn::Add(total, without_first(hn::Mul(by, leaky), done));
  });
  return hn::GetLane(hn::SumOfLanes(d, total));
}

void leaky_dot_backward(const LeakyDot& r, Real received, Real* HWY_RESTRICT da,
                        Real* HWY_RESTRICT db, Real* HWY_RESTRICT d_by) {
  if (less_than_a_vector(r.n))
    return kernels::scalar::leaky_dot_backward(r, received, da, db, d_by);
  const hn::ScalableTag<Real> d;
  const auto above = hn::Set(d, received), below = hn::Set(d, r.negative_slope * received);
  for_columns(r.n, [&](Index c, Index done) HWY_ATTR {
    const auto sum = hn::Add(hn::LoadU(d, r.a + c), hn::LoadU(d, r.b + c));
    auto scaled = hn::IfThenElse(hn::Gt(sum, hn::Zero(d)), above, below);
    // What was there before stays: it gets 0, times rows that it has met.
    if (done > 0) scaled = without_first(scaled, done);
    const auto both = hn::Mul(scaled, hn::LoadU(d, r.by + c));
    hn::StoreU(hn::Add(hn::LoadU(d, da + c), both), d, da + c);
    hn::StoreU(hn::Add(hn::LoadU(d, db + c), both), d, db + c);
    hn::StoreU(hn::MulAdd(scaled, sum, hn::LoadU(d, d_by + c)), d, d_by + c);
  });
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(leaky_dot);
HWY_EXPORT(leaky_dot_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

Real leaky_dot(const LeakyDot& rows) { return HWY_DYNAMIC_DISPATCH(agate::leaky_dot)(rows); }

void leaky_dot_backward(const LeakyDot& rows, Real d, Real* da, Real* db, Real* d_by) {
  HWY_DYNAMIC_DISPATCH(agate::leaky_dot_backward)(rows, d, da, db, d_by);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
