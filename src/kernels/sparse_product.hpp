#pragma once
// Sparse rows times a dense table.

#include "kernels/elementary.hpp"

namespace AGATE_NAMESPACE::kernels {

// out[i, g, :] = sum over the entries p of row i of w(p, g) * table[columns[p], g, :], with
// w(p, g) = values[at(p)] * dropout(at(p), g), at(p) = positions ? positions[p] : p.
// With a shift row i of the table is added, shift[0] times; the table has as many rows as `out`.
// Rows of the table and of `out` are groups * channels long.
struct SparseProduct {
  Index rows = 0;
  const Index* offsets = nullptr;
  const NodeId* columns = nullptr;
  const Index* positions = nullptr;
  const Real* values = nullptr;  // null: all 1
  Mask mask;
  Index groups = 1, channels = 0;
  const Real* table = nullptr;
  const Real* shift = nullptr;  // null: none
};

void sparse_product(int threads, const SparseProduct& product, Real* out);

namespace scalar {
void sparse_rows(const SparseProduct& product, Index begin, Index end, Real* out);
}
namespace vectorized {
void sparse_rows(const SparseProduct& product, Index begin, Index end, Real* out);
}

}  // namespace AGATE_NAMESPACE::kernels
