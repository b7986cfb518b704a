#include "kernels/head_dots.hpp"

#include "kernels/elementary.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

void scalar::head_dots(Index begin, Index end, Index heads, Index channels, const Real* x,
                       const Real* y, Index y_stride, Real* sums, Index sums_stride) {
  for (Index i = begin; i < end; ++i)
    for (Index h = 0; h < heads; ++h) {
      Real sum = 0;
      for (Index c = h * channels; c < (h + 1) * channels; ++c)
        sum += x[i * heads * channels + c] * y[i * y_stride + c];
      sums[i * sums_stride + h] = sum;
    }
}

void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride) {
  AGATE_KERNEL(head_dots)(begin, end, heads, channels, x, y, y_stride, sums, sums_stride);
}

void scalar::head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                                const Real* y, const Real* d_sums, Real* dx, Real* dy) {
  for (Index i = begin; i < end; ++i)
    for (Index h = 0; h < heads; ++h) {
      const Real d = d_sums[i * heads + h];
      for (Index c = h * channels; c < (h + 1) * channels; ++c) {
        if (dx) dx[i * heads * channels + c] += d * y[c];
        dy[c] += d * x[i * heads * channels + c];
      }
    }
}

void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy) {
  AGATE_KERNEL(head_dots_backward)(begin, end, heads, channels, x, y, d_sums, dx, dy);
}

}  // namespace AGATE_NAMESPACE::kernels
