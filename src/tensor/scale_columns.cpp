#include <agate/core/error.hpp>
#include <agate/tensor/scale_columns.hpp>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

Tensor times(Tape& tape, const Tensor& x, const Tensor& factors) {
  Tensor y = tape.make(x.shape());
  parallel_for(tape.threads(), x.rows(), row_grain(x.cols()), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index c = 0; c < x.cols(); ++c) y.row(i)[c] = x.row(i)[c] * factors.data()[c];
  });
  return y;
}

}  // namespace

Var scale_columns(const Var& x, const Var& factors) {
  check(factors.value().size() == x.cols(), ErrorCode::shape,
        "scale_columns: ", factors.value().size(), " factors for ", x.cols(), " columns");
  Tape& tape = x.tape();
  return tape.record(times(tape, x.value(), factors.value()), {&x, &factors}, [&] {
    return [&tape, x, factors](const Tensor& dy) {
      if (x.requires_grad()) x.gradient().add(times(tape, dy, factors.value()));
      if (!factors.requires_grad()) return;
      const Tensor products = map(tape, dy, x.value(), [](Real d, Real v) { return d * v; });
      factors.gradient().add(column_sums(tape, products, factors.shape()));
    };
  });
}

}  // namespace AGATE_NAMESPACE
