#include "kernels/sparse_product.hpp"

#include <agate/core/parallel.hpp>
#include <algorithm>
#include <vector>

#include "kernels/balance.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

void scalar::sparse_rows(const SparseProduct& a, Index begin, Index end, Real* out) {
  const Index width = a.groups * a.channels;
  std::vector<Real> weights(static_cast<std::size_t>(a.groups));
  for (Index i = begin; i < end; ++i) {
    Real* sum = out + i * width;
    for (Index c = 0; c < width; ++c)
      sum[c] = a.shift ? *a.shift * a.table[i * width + c] : Real(0);
    for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p) {
      const Index at = a.positions ? a.positions[p] : p;
      std::fill(weights.begin(), weights.end(), a.values ? a.values[at] : Real(1));
      if (a.mask.active) dropout_items(a.mask, 1, a.groups, &at, weights.data(), a.groups);
      const Real* row = a.table + Index{a.columns[p]} * width;
      for (Index g = 0; g < a.groups; ++g)
        for (Index c = 0; c < a.channels; ++c)
          sum[g * a.channels + c] += weights[static_cast<std::size_t>(g)] * row[g * a.channels + c];
    }
  }
}

void sparse_product(int threads, const SparseProduct& a, Real* out) {
  const Index work = (1 << 15) / std::max<Index>(1, a.groups * a.channels);
  const BalancedRows rows(a.rows, a.offsets, std::max<Index>(work, 64));
  parallel_chunks(threads, rows.chunks(), [&](Index chunk) {
    AGATE_KERNEL(sparse_rows)(a, rows[chunk].begin, rows[chunk].end, out);
  });
}

}  // namespace AGATE_NAMESPACE::kernels
