#include <agate/tensor/segment_sum.hpp>

#include "tensor/segment_sums.hpp"

namespace AGATE_NAMESPACE {

Var segment_sum(const Var& x, std::span<const Index> offsets) {
  return record_segment_sum("segment_sum", x, offsets, Share::all);
}

}  // namespace AGATE_NAMESPACE
