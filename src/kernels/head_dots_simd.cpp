#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/head_dots.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/head_dots_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::head_dots;
#else

void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride) {
  static thread_local HeadLayout layout;
  layout.fit(heads, channels);
  std::vector<Real> row_sums(static_cast<std::size_t>(heads + 2 * most_lanes));
  for (Index i = begin; i < end; ++i) {
    std::fill(row_sums.begin(), row_sums.end(), Real(0));
    for_each_block(layout.vectors, [&]<Index kVectors>(Index block) HWY_ATTR {
      const hn::ScalableTag<Real> d;
      const Index n = lanes();
      Vec product[kVectors];
      for (Index v = 0; v < kVectors; ++v)
        product[v] = hn::Mul(hn::LoadU(d, x + i * layout.width + (block + v) * n),
                             hn::LoadU(d, y + i * y_stride + (block + v) * n));
      RowEnd(layout, block + kVectors).clear_beyond(product[kVectors - 1]);
      add_head_sums<kVectors>(layout, block, product, row_sums.data());
    });
    std::copy_n(row_sums.data(), heads, sums + i * sums_stride);
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(head_dots);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride) {
  HWY_DYNAMIC_DISPATCH(agate::head_dots)
  (begin, end, heads, channels, x, y, y_stride, sums, sums_stride);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
