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
using kernels::scalar::head_dots_backward;
#else

void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride) {
  const HeadLayout& layout = layout_of(heads, channels);
  const bool adds = adds_head_sums(layout);
  static thread_local std::vector<Real> row_sums;
  row_sums.resize(static_cast<std::size_t>(heads + 2 * most_lanes));
  for (Index i = begin; i < end; ++i) {
    if (adds) std::fill_n(row_sums.begin(), heads, Real(0));
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

void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy) {
  const HeadLayout& layout = layout_of(heads, channels);
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    Vec by[kVectors], sum[kVectors];
    SpreadIndices<kBroadcast> indices[kVectors];
    load_indices<kVectors, kBroadcast>(layout, block, indices);
    for (Index v = 0; v < kVectors; ++v) {
      by[v] = hn::LoadU(d, y + (block + v) * n);
      sum[v] = hn::Zero(d);
    }
    for (Index i = begin; i < end; ++i) {
      const Spread<kBroadcast> weight(layout, d_sums + i * heads);
      for (Index v = 0; v < kVectors; ++v) {
        const Index at = i * layout.width + (block + v) * n;
        const Vec w = weight(block + v, indices[v]);
        sum[v] = hn::MulAdd(w, hn::LoadU(d, x + at), sum[v]);
        if (dx)
          store_part(hn::MulAdd(w, by[v], hn::LoadU(d, dx + at)), dx + at,
                     layout.width - (block + v) * n);
      }
    }
    for (Index v = 0; v < kVectors; ++v) {
      Real part[most_lanes];
      hn::StoreU(sum[v], d, part);
      const Index at = (block + v) * n;
      for (Index l = 0; l < std::min(n, layout.width - at); ++l) dy[at + l] += part[l];
    }
  });
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(head_dots);
HWY_EXPORT(head_dots_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void head_dots(Index begin, Index end, Index heads, Index channels, const Real* x, const Real* y,
               Index y_stride, Real* sums, Index sums_stride) {
  HWY_DYNAMIC_DISPATCH(agate::head_dots)
  (begin, end, heads, channels, x, y, y_stride, sums, sums_stride);
}

void head_dots_backward(Index begin, Index end, Index heads, Index channels, const Real* x,
                        const Real* y, const Real* d_sums, Real* dx, Real* dy) {
  HWY_DYNAMIC_DISPATCH(agate::head_dots_backward)
  (begin, end, heads, channels, x, y, d_sums, dx, dy);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
