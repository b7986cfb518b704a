#include <agate/tensor/segment_mean.hpp>

#include "tensor/segment_sums.hpp"

namespace AGATE_NAMESPACE {

Var segment_mean(const Var& x, std::span<const Index> offsets) {
  return record_segment_sum("segment_mean", x, offsets, Share::mean);
}

}  // namespace AGATE_NAMESPACE
