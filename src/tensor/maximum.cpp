#include <agate/core/error.hpp>
#include <agate/tensor/maximum.hpp>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

Var maximum(const Var& a, const Var& b) {
  check(a.shape() == b.shape(), ErrorCode::shape, "maximum: ", a.shape().to_string(), " and ",
        b.shape().to_string(), " differ");
  Tape& tape = a.tape();
  auto greater = [](Real x, Real y) { return y > x || y != y ? y : x; };
  return tape.record(map(tape, a.value(), b.value(), greater), {&a, &b}, [&] {
    return [&tape, a, b](const Tensor& dy) {
      Tensor da = tape.make(a.shape()), db = tape.make(b.shape());
      parallel_for(tape.threads(), dy.size(), elementwise_grain,
                   [x = a.value().data(), y = b.value().data(), d = dy.data(), dx = da.data(),
                    to = db.data()](Index begin, Index end) {
                     for (Index i = begin; i < end; ++i) {
                       const bool second = y[i] > x[i] || y[i] != y[i];
                       dx[i] = second ? Real(0) : d[i];
                       to[i] = second ? d[i] : Real(0);
                     }
                   });
      a.gradient().add(std::move(da));
      b.gradient().add(std::move(db));
    };
  });
}

}  // namespace AGATE_NAMESPACE
