#include <agate/tensor/segment_mean.hpp>

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real share_of(const Strip& s) {
  return Real(1) / static_cast<Real>(std::max<Index>(1, s.end - s.begin));
}

}  // namespace

Var segment_mean(const Var& x, std::span<const Index> offsets) {
  check_segments("segment_mean", offsets, x.rows());
  Tape& tape = x.tape();
  const Index cols = x.cols();
  Tensor y = tape.make_zeros({std::ssize(offsets) - 1, cols});
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    Real* mean = y.row(s.segment);
    for_elements(s, [&](Index i, Index c) { mean[c] += x.value().row(i)[c]; });
    for (Index c = s.first_column; c < s.last_column; ++c) mean[c] *= share_of(s);
  });
  return tape.record(std::move(y), {&x}, [&] {
    return [&tape, dx = x.gradient(), shape = x.shape(), cols,
            kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
      Tensor d = tape.make(shape);
      for_strips(tape, kept, cols, [&](const Strip& s) {
        for_elements(s,
                     [&](Index i, Index c) { d.row(i)[c] = share_of(s) * dy.row(s.segment)[c]; });
      });
      dx.add(std::move(d));
    };
  });
}

}  // namespace AGATE_NAMESPACE
