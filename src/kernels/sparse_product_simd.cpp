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

void sparse_rows(const kernels::SparseProduct& a, Index begin, Index end, Real* out) {
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
