#pragma once
// Rows added to those that they are copies of: the gradient of picking rows.

#include <span>

#include "kernels/elementary.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

// to(of[i]) += from(i) over the first `cols` columns, row after row: threads share the columns, so
// that no two meet and every sum has one order. Rows are `from_stride` and `to_stride` apart.
inline void add_rows(Tape& tape, std::span<const Index> of, Index cols, const Real* from,
                     Index from_stride, Real* to, Index to_stride) {
  const auto rows = std::ssize(of);
  // A run of columns in the cache for all rows that it is added to, and worth a thread.
  const Index strip = std::max<Index>(128, elementwise_grain / std::max<Index>(1, rows) / 16 * 16);
  parallel_for(tape.threads(), cols, strip, [&](Index begin, Index end) {
    for (Index i = 0; i < rows; ++i) {
      Real* sum = to + of[static_cast<std::size_t>(i)] * to_stride + begin;
      kernels::add(end - begin, sum, from + i * from_stride + begin, sum);
    }
  });
}

}  // namespace AGATE_NAMESPACE
