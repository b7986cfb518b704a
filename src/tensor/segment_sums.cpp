#include "tensor/segment_sums.hpp"

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real factor(const Strip& s, Share share) {
  return share == Share::all ? Real(1)
                             : Real(1) / static_cast<Real>(std::max<Index>(1, s.end - s.begin));
}

}  // namespace

Tensor sum_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share) {
  const Index cols = x.cols();
  Tensor y = tape.make({std::ssize(offsets) - 1, cols});
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    double sums[strip_width] = {};
    kernels::sum_columns({s.end - s.begin, s.last_column - s.first_column, cols},
                         x.data() + s.begin * cols + s.first_column, sums);
    const Real f = factor(s, share);
    Real* to = y.row(s.segment) + s.first_column;
    for (Index c = 0; c < s.last_column - s.first_column; ++c)
      to[c] = f * static_cast<Real>(sums[c]);
  });
  return y;
}

Tensor expand_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share) {
  const Index cols = x.cols();
  Tensor y = tape.make({offsets.back(), cols});
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    const Real* from = x.row(s.segment) + s.first_column;
    const Index width = s.last_column - s.first_column;
    Real row[strip_width];
    for (Index c = 0; c < width; ++c) row[c] = factor(s, share) * from[c];
    // A whole strip is one or two registers that the compiler keeps.
    if (width == strip_width)
      for (Index i = s.begin; i < s.end; ++i)
        std::copy_n(row, strip_width, y.row(i) + s.first_column);
    else
      for (Index i = s.begin; i < s.end; ++i) std::copy_n(row, width, y.row(i) + s.first_column);
  });
  return y;
}

Var record_segment_sum(const char* name, const Var& x, std::span<const Index> offsets,
                       Share share) {
  check_segments(name, offsets, x.rows());
  Tape& tape = x.tape();
  return tape.record(sum_segments(tape, x.value(), offsets, share), {&x}, [&] {
    return [&tape, dx = x.gradient(), share,
            kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
      dx.add(expand_segments(tape, dy, kept, share));
    };
  });
}

}  // namespace AGATE_NAMESPACE
