#include <agate/tensor/segment_expand.hpp>

#include "tensor/segment_sums.hpp"
#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {

Var segment_expand(const Var& x, std::span<const Index> offsets) {
  check_segments("segment_expand", offsets, offsets.empty() ? 0 : offsets.back());
  check(x.rows() == std::ssize(offsets) - 1, ErrorCode::shape, "segment_expand: x has ", x.rows(),
        " rows for ", std::ssize(offsets) - 1, " segments");
  Tape& tape = x.tape();
  return tape.record(expand_segments(tape, x.value(), offsets, Share::all), {&x}, [&] {
    return [&tape, dx = x.gradient(), kept = std::vector<Index>(offsets.begin(), offsets.end())](
               const Tensor& dy) { dx.add(sum_segments(tape, dy, kept, Share::all)); };
  });
}

}  // namespace AGATE_NAMESPACE
