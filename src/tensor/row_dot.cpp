#include <agate/core/error.hpp>
#include <agate/tensor/row_dot.hpp>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

Var row_dot(const Var& a, const Var& b) {
  check(a.shape() == b.shape() && a.shape().rank() == 2, ErrorCode::shape,
        "row_dot: ", a.shape().to_string(), " and ", b.shape().to_string(),
        ", expected two of one shape");
  Tape& tape = a.tape();
  const Index rows = a.rows(), cols = a.cols();
  Tensor y = tape.make({rows, 1});
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Real sum = 0;
      for (Index c = 0; c < cols; ++c) sum += a.value().row(i)[c] * b.value().row(i)[c];
      *y.row(i) = sum;
    }
  });
  return tape.record(std::move(y), {&a, &b}, [&] {
    return [&tape, a, b, rows, cols](const Tensor& dy) {
      auto send = [&](const Var& to, const Var& other) {
        if (!to.gradient().wanted()) return;
        Tensor d = tape.make(to.shape());
        parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
          for (Index i = begin; i < end; ++i)
            for (Index c = 0; c < cols; ++c) d.row(i)[c] = *dy.row(i) * other.value().row(i)[c];
        });
        to.gradient().add(std::move(d));
      };
      send(a, b);
      send(b, a);
    };
  });
}

}  // namespace AGATE_NAMESPACE
