#include <agate/tensor/scale_segments.hpp>

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {

Var scale_segments(const Var& x, const Var& factors, std::span<const Index> offsets) {
  check_segments("scale_segments", offsets, x.rows());
  check(factors.rows() == std::ssize(offsets) - 1 && factors.cols() == x.cols(), ErrorCode::shape,
        "scale_segments: factors of ", factors.shape().to_string(), " for ", offsets.size() - 1,
        " segments of ", x.cols(), " columns");
  Tape& tape = x.tape();
  const Index cols = x.cols();
  Tensor y = tape.make(x.shape());
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    const Real* factor = factors.value().row(s.segment);
    for_elements(s, [&](Index i, Index c) { y.row(i)[c] = x.value().row(i)[c] * factor[c]; });
  });
  return tape.record(std::move(y), {&x, &factors}, [&] {
    return [&tape, x, factors, cols,
            kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
      Tensor dx = tape.make(x.shape()), df = tape.make_zeros(factors.shape());
      for_strips(tape, kept, cols, [&](const Strip& s) {
        const Real* factor = factors.value().row(s.segment);
        Real* d_factor = df.row(s.segment);
        for_elements(s, [&](Index i, Index c) {
          dx.row(i)[c] = dy.row(i)[c] * factor[c];
          d_factor[c] += dy.row(i)[c] * x.value().row(i)[c];
        });
      });
      x.gradient().add(std::move(dx));
      factors.gradient().add(std::move(df));
    };
  });
}

}  // namespace AGATE_NAMESPACE
