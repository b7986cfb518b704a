#pragma once
// Rows of a compressed sparse matrix in chunks of nearly equal work: entries count, and every row
// counts once, so that neither hubs nor empty rows pile up in one chunk.

#include <agate/core/config.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::kernels {

struct RowRange {
  Index begin, end;
};

class BalancedRows {
 public:
  BalancedRows(Index rows, const Index* offsets, Index work_per_chunk)
      : rows_(rows), offsets_(offsets), work_(std::max<Index>(1, work_per_chunk)) {}

  Index chunks() const {
    return rows_ == 0 ? 0 : (offsets_[rows_] - offsets_[0] + rows_ + work_ - 1) / work_;
  }
  RowRange operator[](Index chunk) const { return {first(chunk), first(chunk + 1)}; }

 private:
  // The first row before which at least chunk * work_ units lie.
  Index first(Index chunk) const {
    Index low = 0, high = rows_;
    while (low < high) {
      const Index middle = (low + high) / 2;
      if (offsets_[middle] - offsets_[0] + middle < chunk * work_)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  Index rows_;
  const Index* offsets_;
  Index work_;
};

}  // namespace AGATE_NAMESPACE::kernels
