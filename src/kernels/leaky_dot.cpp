#include "kernels/leaky_dot.hpp"

#include "kernels/elementary.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

Real scalar::leaky_dot(const LeakyDot& r) {
  Real total = 0;
  for (Index c = 0; c < r.n; ++c) {
    const Real sum = r.a[c] + r.b[c];
    total += r.by[c] * (sum > 0 ? sum : r.negative_slope * sum);
  }
  return total;
}

void scalar::leaky_dot_backward(const LeakyDot& r, Real d, Real* da, Real* db, Real* d_by) {
  for (Index c = 0; c < r.n; ++c) {
    const Real sum = r.a[c] + r.b[c], scaled = sum > 0 ? d : r.negative_slope * d;
    da[c] += scaled * r.by[c];
    db[c] += scaled * r.by[c];
    d_by[c] += scaled * sum;
  }
}

Real leaky_dot(const LeakyDot& rows) { return AGATE_KERNEL(leaky_dot)(rows); }

void leaky_dot_backward(const LeakyDot& rows, Real d, Real* da, Real* db, Real* d_by) {
  AGATE_KERNEL(leaky_dot_backward)(rows, d, da, db, d_by);
}

}  // namespace AGATE_NAMESPACE::kernels
