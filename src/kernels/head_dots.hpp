#pragma once
// Scalar products of rows, head by head.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

// For rows i in [begin, end): sums[i * sums_stride + h] = sum over c of
// x[(i * heads + h) * channels + c] * y[i * y_stride + h * channels + c]. With y_stride 0 all rows
// meet the same y.
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);

namespace scalar {
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);
}
namespace vectorized {
void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride);
}

}  // namespace AGATE_NAMESPACE::kernels
