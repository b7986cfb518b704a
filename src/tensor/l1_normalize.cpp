#include <agate/tensor/l1_normalize.hpp>
#include <cmath>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

Var l1_normalize(const Var& x, Real eps) {
  Tape& tape = x.tape();
  const Index rows = x.rows(), cols = x.cols();
  Tensor y = tape.make(x.shape()), length = tape.make({rows});
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Real* from = x.value().row(i);
      Real sum = 0;
      for (Index c = 0; c < cols; ++c) sum += std::abs(from[c]);
      length.data()[i] = sum;
      // Written so that NaN stays.
      const Real divisor = sum < eps ? eps : sum;
      for (Index c = 0; c < cols; ++c) y.row(i)[c] = from[c] / divisor;
    }
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y, length, eps, rows, cols](const Tensor& dy) {
      Tensor d = tape.make(y.shape());
      parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          const bool short_row = length.data()[i] < eps;
          Real along = 0;
          for (Index c = 0; c < cols && !short_row; ++c) along += dy.row(i)[c] * y.row(i)[c];
          for (Index c = 0; c < cols; ++c) {
            const Real v = y.row(i)[c], common = v > 0 ? along : v < 0 ? -along : Real(0);
            d.row(i)[c] = (dy.row(i)[c] - common) / (short_row ? eps : length.data()[i]);
          }
        }
      });
      dx.add(std::move(d));
    };
  });
}

}  // namespace AGATE_NAMESPACE
