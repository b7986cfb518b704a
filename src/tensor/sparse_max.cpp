#include <agate/core/error.hpp>
#include <agate/tensor/sparse_max.hpp>
#include <algorithm>

#include "tensor/sparse_rows.hpp"

namespace AGATE_NAMESPACE {
namespace {

Tensor greatest(Tape& tape, const SparseMatrix& a, const Tensor& x) {
  const Index cols = x.cols();
  Tensor y = tape.make({a.rows(), cols});
  for_rows(tape, a.offsets(), cols, [&](Index i) {
    Real* most = y.row(i);
    const Index begin = a.offsets()[i], end = a.offsets()[i + 1];
    if (begin == end)
      std::fill_n(most, cols, Real(0));
    else
      std::copy_n(x.row(a.columns()[begin]), cols, most);
    for (Index p = begin + 1; p < end; ++p) {
      const Real* row = x.row(a.columns()[p]);
      // A NaN is taken, and never left again.
      for (Index c = 0; c < cols; ++c)
        most[c] = row[c] > most[c] || row[c] != row[c] ? row[c] : most[c];
    }
  });
  return y;
}

// dy divided by the number of entries that share the greatest value.
Tensor shares(Tape& tape, const SparseMatrix& a, const Tensor& x, const Tensor& y,
              const Tensor& dy) {
  const Index cols = x.cols();
  Tensor share = tape.make_zeros(dy.shape());
  for_rows(tape, a.offsets(), cols, [&](Index i) {
    Real* s = share.row(i);
    for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p) {
      const Real* row = x.row(a.columns()[p]);
      for (Index c = 0; c < cols; ++c) s[c] += row[c] == y.row(i)[c] ? Real(1) : Real(0);
    }
    for (Index c = 0; c < cols; ++c) s[c] = s[c] > 0 ? dy.row(i)[c] / s[c] : Real(0);
  });
  return share;
}

}  // namespace

Var sparse_max(const SparseMatrix& a, const Var& x) {
  check(a.cols() == x.rows(), ErrorCode::shape, "sparse_max: a pattern of ", a.rows(), " x ",
        a.cols(), " over ", x.shape().to_string());
  Tape& tape = x.tape();
  Tensor y = greatest(tape, a, x.value());
  return tape.record(y, {&x}, [&] {
    return [&tape, a, x, y](const Tensor& dy) {
      const Index cols = x.cols();
      const Tensor share = shares(tape, a, x.value(), y, dy);
      const SparseMatrix::Transpose& t = a.transpose();
      Tensor dx = tape.make_zeros(x.shape());
      for_rows(tape, t.offsets, cols, [&](Index j) {
        const Real* row = x.value().row(j);
        for (Index p = t.offsets[j]; p < t.offsets[j + 1]; ++p) {
          const Index i = t.rows[p];
          for (Index c = 0; c < cols; ++c)
            dx.row(j)[c] += row[c] == y.row(i)[c] ? share.row(i)[c] : Real(0);
        }
      });
      x.gradient().add(std::move(dx));
    };
  });
}

}  // namespace AGATE_NAMESPACE
