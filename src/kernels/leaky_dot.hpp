#pragma once
// Scalar products of a vector with LeakyReLU of the sum of two rows.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

struct LeakyDot {
  Index n;
  Real negative_slope;
  const Real *a, *b, *by;
};

// The sum over c < n of by[c] * LeakyReLU(a[c] + b[c]).
Real leaky_dot(const LeakyDot& rows);

// The gradients where that of the result is d: adds to da, db and d_by, which do not overlap.
void leaky_dot_backward(const LeakyDot& rows, Real d, Real* da, Real* db, Real* d_by);

namespace scalar {
Real leaky_dot(const LeakyDot& rows);
void leaky_dot_backward(const LeakyDot& rows, Real d, Real* da, Real* db, Real* d_by);
}  // namespace scalar
namespace vectorized {
Real leaky_dot(const LeakyDot& rows);
void leaky_dot_backward(const LeakyDot& rows, Real d, Real* da, Real* db, Real* d_by);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
