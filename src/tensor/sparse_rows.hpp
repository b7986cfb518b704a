#pragma once
// Loops over the rows of a sparse matrix, or of its transpose.

#include <span>

#include "kernels/balance.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

// body(i) for every row, in chunks of nearly equal numbers of entries, each worth `cols` elements.
template <class Body>
void for_rows(Tape& tape, std::span<const Index> offsets, Index cols, Body body) {
  const auto count = static_cast<Index>(offsets.size()) - 1;
  const kernels::BalancedRows rows(count, offsets.data(), row_grain(cols));
  parallel_chunks(tape.threads(), rows.chunks(), [&](Index chunk) {
    const auto [begin, end] = rows[chunk];
    for (Index i = begin; i < end; ++i) body(i);
  });
}

}  // namespace AGATE_NAMESPACE
