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

}  // namespace AGATE_NAMESPACE::kernels
