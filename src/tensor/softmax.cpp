#include <agate/tensor/losses.hpp>
#include <agate/tensor/softmax.hpp>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

Var softmax(const Var& x) {
  Tape& tape = x.tape();
  const Tensor y = softmax(x.value());
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y](const Tensor& dy) {
      Tensor d = tape.make(y.shape());
      const Index cols = y.cols();
      parallel_for(tape.threads(), y.rows(), row_grain(cols), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          Real sum = 0;
          for (Index c = 0; c < cols; ++c) sum += dy.row(i)[c] * y.row(i)[c];
          for (Index c = 0; c < cols; ++c) d.row(i)[c] = y.row(i)[c] * (dy.row(i)[c] - sum);
        }
      });
      dx.add(std::move(d));
    };
  });
}

}  // namespace AGATE_NAMESPACE
