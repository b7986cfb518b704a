#include "tensor/segment_sums.hpp"

#include "kernels/elementary.hpp"
#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real factor(std::span<const Index> offsets, Index b, Share share) {
  const Index rows = offsets[b + 1] - offsets[b];
  return share == Share::all ? Real(1) : Real(1) / static_cast<Real>(std::max<Index>(1, rows));
}

// Calls body(begin, end, row) for runs of rows of one segment each: what each of them is given.
template <class Body>
void for_given(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share,
               Body&& body) {
  const Index cols = x.cols();
  parallel_for(tape.threads(), offsets.back(), row_grain(cols), [&](Index begin, Index end) {
    std::vector<Real> part(share == Share::all ? 0 : static_cast<std::size_t>(cols));
    Index b = std::ranges::upper_bound(offsets, begin) - offsets.begin() - 1;
    for (Index i = begin; i < end; i = std::min(end, offsets[++b])) {
      const Real* row = x.row(b);
      if (share == Share::mean) {
        kernels::scale(cols, factor(offsets, b, share), row, part.data());
        row = part.data();
      }
      body(i, std::min(end, offsets[b + 1]), row);
    }
  });
}

}  // namespace

Tensor sum_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share) {
  const Index cols = x.cols();
  Tensor y = tape.make({std::ssize(offsets) - 1, cols});
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    double sums[strip_width] = {};
    kernels::sum_columns({s.end - s.begin, s.last_column - s.first_column, cols},
                         x.data() + s.begin * cols + s.first_column, sums);
    const Real f = factor(offsets, s.segment, share);
    Real* to = y.row(s.segment) + s.first_column;
    for (Index c = 0; c < s.last_column - s.first_column; ++c)
      to[c] = f * static_cast<Real>(sums[c]);
  });
  return y;
}

Tensor expand_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share) {
  const Index cols = x.cols();
  Tensor y = tape.make({offsets.back(), cols});
  for_given(tape, x, offsets, share, [&](Index begin, Index end, const Real* row) {
    for (Index i = begin; i < end; ++i) std::copy_n(row, cols, y.row(i));
  });
  return y;
}

void add_expanded(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share,
                  Tensor& y) {
  const Index cols = x.cols();
  for_given(tape, x, offsets, share, [&](Index begin, Index end, const Real* row) {
    kernels::add_row({end - begin, cols, cols}, y.row(begin), row, y.row(begin));
  });
}

Var record_segment_sum(const char* name, const Var& x, std::span<const Index> offsets,
                       Share share) {
  check_segments(name, offsets, x.rows());
  Tape& tape = x.tape();
  return tape.record(sum_segments(tape, x.value(), offsets, share), {&x}, [&] {
    return [&tape, dx = x.gradient(), share,
            kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
      // Where x goes on through further layers, theirs is there, and still in the cache.
      Tensor sum = dx.sum({kept.back(), dy.cols()});
      add_expanded(tape, dy, kept, share, sum);
    };
  });
}

}  // namespace AGATE_NAMESPACE
