#include <agate/tensor/segment_softmax.hpp>
#include <cmath>
#include <limits>

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {

Var segment_softmax(const Var& x, std::span<const Index> offsets) {
  check_segments("segment_softmax", offsets, x.rows());
  Tape& tape = x.tape();
  const Tensor& from = x.value();
  const Index cols = x.cols();
  Tensor y = tape.make(x.shape());
  Tensor most = Tensor::full({std::ssize(offsets) - 1, cols},
                             -std::numeric_limits<Real>::infinity(), &tape.pool());
  Tensor sum = tape.make_zeros(most.shape());
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    Real *high = most.row(s.segment), *total = sum.row(s.segment);
    for_elements(s, [&](Index i, Index c) { high[c] = std::max(high[c], from.row(i)[c]); });
    for_elements(
        s, [&](Index i, Index c) { total[c] += y.row(i)[c] = std::exp(from.row(i)[c] - high[c]); });
    for_elements(s, [&](Index i, Index c) { y.row(i)[c] /= total[c]; });
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, y, dx = x.gradient(), cols,
            kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
      Tensor d = tape.make(y.shape());
      Tensor along = tape.make_zeros({std::ssize(kept) - 1, cols});
      for_strips(tape, kept, cols, [&](const Strip& s) {
        Real* dot = along.row(s.segment);
        for_elements(s, [&](Index i, Index c) { dot[c] += dy.row(i)[c] * y.row(i)[c]; });
        for_elements(
            s, [&](Index i, Index c) { d.row(i)[c] = y.row(i)[c] * (dy.row(i)[c] - dot[c]); });
      });
      dx.add(std::move(d));
    };
  });
}

}  // namespace AGATE_NAMESPACE
