#include <agate/core/error.hpp>
#include <agate/tensor/symmetric_normalize.hpp>
#include <cmath>

#include "tensor/sparse_rows.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real inverse_root(double sum, Index i) {
  check(!(sum < 0), ErrorCode::value, "symmetric_normalize: the weights of row ", i, " sum to ",
        sum, ", expected 0 or more");
  return static_cast<Real>(sum == 0 ? 0 : 1 / std::sqrt(sum));
}

// The gradient of each D(i), which the entries of row i have in common.
Tensor through_sums(Tape& tape, const SparseMatrix& a, const Tensor& w, const Tensor& s,
                    const Tensor& dv) {
  Tensor d = tape.make(s.shape());
  const SparseMatrix::Transpose& t = a.transpose();
  for_rows(tape, a.offsets(), 1, [&](Index i) {
    double sum = 0;
    for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p)
      sum += double(dv.data()[p]) * w.data()[p] * s.data()[a.columns()[p]];
    for (Index q = t.offsets[i]; q < t.offsets[i + 1]; ++q) {
      const Index p = t.positions[q];
      sum += double(dv.data()[p]) * w.data()[p] * s.data()[t.rows[q]];
    }
    const double scale = s.data()[i];
    d.data()[i] = static_cast<Real>(scale == 0 ? 0 : -0.5 * scale * scale * scale * sum);
  });
  return d;
}

}  // namespace

Var symmetric_normalize(const SparseMatrix& a, const Var& values) {
  check(a.rows() == a.cols() && values.value().size() == a.nonzeros(), ErrorCode::shape,
        "symmetric_normalize: ", values.value().size(), " values for the ", a.nonzeros(),
        " entries of a ", a.rows(), " x ", a.cols(), " matrix, expected a square one");
  Tape& tape = values.tape();
  const Tensor& w = values.value();
  Tensor s = tape.make({a.rows()});
  for_rows(tape, a.offsets(), 1, [&](Index i) {
    double sum = 0;
    for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p) sum += w.data()[p];
    s.data()[i] = inverse_root(sum, i);
  });
  Tensor v = tape.make(values.shape());
  for_rows(tape, a.offsets(), 1, [&](Index i) {
    for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p)
      v.data()[p] = w.data()[p] * s.data()[i] * s.data()[a.columns()[p]];
  });
  return tape.record(std::move(v), {&values}, [&] {
    return [&tape, a, values, s](const Tensor& dv) {
      const Tensor common = through_sums(tape, a, values.value(), s, dv);
      Tensor dw = tape.make(values.shape());
      for_rows(tape, a.offsets(), 1, [&](Index i) {
        for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p)
          dw.data()[p] = dv.data()[p] * s.data()[i] * s.data()[a.columns()[p]] + common.data()[i];
      });
      values.gradient().add(std::move(dw));
    };
  });
}

}  // namespace AGATE_NAMESPACE
