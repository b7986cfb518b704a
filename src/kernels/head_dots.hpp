#pragma once
// Scalar products of rows, head by head.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

// For rows i in [begin, end): sums[i * sums_stride + h] = sum over c of
// x[(i * heads + h) * channels + c] * y[i * y_stride + h * channels + c]. With y_stride 0 all rows
// meet the same y.
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);

// The gradients for y_stride 0, from d_sums (rows x heads): adds d_sums(i, h) * y(h, c) to dx
// (null: not wanted) and the sum over the rows of d_sums(i, h) * x(i, h, c) to dy.
void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy);

namespace scalar {
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);
void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy);
}  // namespace scalar
namespace vectorized {
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);
void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
