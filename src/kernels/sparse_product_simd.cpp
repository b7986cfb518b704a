#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include <vector>

#include "kernels/sparse_product.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sparse_product_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::sparse_rows;
#else

// One weight for each entry and rows of whole vectors, as networks mostly have them: what is done
// for an entry is little enough that the general way costs several times as much.
void plain_rows(const kernels::SparseProduct& a, Index begin, Index end, Real* out) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes(), width = a.channels, readable = a.offsets[a.rows];
  for (Index i = begin; i < end; ++i)
    for_each_block(width / n, [&]<Index kVectors>(Index block) HWY_ATTR {
      Vec sum[kVectors];
      const Real* column = a.table + block * n;
      for (Index v = 0; v < kVectors; ++v)
        sum[v] = a.shift ? hn::Mul(hn::Set(d, *a.shift), hn::LoadU(d, column + i * width + v * n))
                         : hn::Zero(d);
      for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p) {
        if (p + prefetch_distance < readable) {
          const Real* ahead = column + Index{a.columns[p + prefetch_distance]} * width;
          for (Index at = 0; at < kVectors * n; at += 64 / sizeof(Real)) hwy::Prefetch(ahead + at);
        }
        const Index at = a.positions ? a.positions[p] : p;
        const auto weight = hn::Set(d, a.values ? a.values[at] : Real(1));
        const Real* row = column + Index{a.columns[p]} * width;
        for (Index v = 0; v < kVectors; ++v)
          sum[v] = hn::MulAdd(weight, hn::LoadU(d, row + v * n), sum[v]);
      }
      for (Index v = 0; v < kVectors; ++v) hn::StoreU(sum[v], d, out + i * width + (block + v) * n);
    });
}

void sparse_rows(const kernels::SparseProduct& a, Index begin, Index end, Real* out) {
  if (a.groups == 1 && !a.mask.active && a.channels % lanes() == 0)
    return plain_rows(a, begin, end, out);
  const HeadLayout& layout = layout_of(a.groups, a.channels);
  std::vector<Real> weights;
  std::vector<Index> ids;
  for (Index i = begin; i < end; ++i) {
    const Index first = a.offsets[i], count = a.offsets[i + 1] - first;
    const bool in_place = !a.positions && !a.mask.active && a.groups == 1 && a.values;
    if (!in_place) {
      weights.resize(static_cast<std::size_t>(count * a.groups + most_lanes));
      ids.resize(static_cast<std::size_t>(count));
      for (Index k = 0; k < count; ++k) {
        ids[k] = a.positions ? a.positions[first + k] : first + k;
        std::fill_n(weights.data() + k * a.groups, a.groups, a.values ? a.values[ids[k]] : Real(1));
      }
      if (a.mask.active)
        kernels::dropout_items(a.mask, count, a.groups, ids.data(), weights.data(), a.groups);
    }
    const SumTo sum{in_place ? a.values + first : weights.data(), out + i * layout.width};
    weighted_sums<1>(layout, {a.columns + first, count, a.offsets[a.rows] - first, 0, nullptr},
                     a.groups, a.table, nullptr, nullptr, &sum);
    if (!a.shift) continue;
    Real* row = out + i * layout.width;
    for (Index c = 0; c < layout.width; ++c) row[c] += *a.shift * a.table[i * layout.width + c];
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(sparse_rows);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void sparse_rows(const SparseProduct& a, Index begin, Index end, Real* out) {
  HWY_DYNAMIC_DISPATCH(agate::sparse_rows)(a, begin, end, out);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
