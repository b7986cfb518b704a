#pragma once
// Loops over all elements, in chunks worth a thread.

#include <agate/core/parallel.hpp>
#include <agate/tensor/tape.hpp>
#include <algorithm>
#include <vector>

#include "kernels/column_passes.hpp"

namespace AGATE_NAMESPACE {

inline constexpr Index elementwise_grain = 1 << 14;

// A new tensor, made run by run: make(begin, n, to) writes n of its elements, the first of them the
// element `begin`.
template <class Make>
Tensor make_runs(Tape& tape, const Shape& shape, Make&& make) {
  Tensor y = tape.make(shape);
  parallel_for(tape.threads(), y.size(), elementwise_grain,
               [&](Index begin, Index end) { make(begin, end - begin, y.data() + begin); });
  return y;
}

// y[i] = f(x[i]) in a new tensor.
template <class F>
Tensor map(Tape& tape, const Tensor& x, F f) {
  Tensor y = tape.make(x.shape());
  parallel_for(tape.threads(), x.size(), elementwise_grain,
               [from = x.data(), to = y.data(), f](Index begin, Index end) {
                 for (Index i = begin; i < end; ++i) to[i] = f(from[i]);
               });
  return y;
}

// z[i] = f(x[i], y[i]) in a new tensor; the shapes agree.
template <class F>
Tensor map(Tape& tape, const Tensor& x, const Tensor& y, F f) {
  Tensor z = tape.make(x.shape());
  parallel_for(tape.threads(), x.size(), elementwise_grain,
               [a = x.data(), b = y.data(), to = z.data(), f](Index begin, Index end) {
                 for (Index i = begin; i < end; ++i) to[i] = f(a[i], b[i]);
               });
  return z;
}

// Rows of `cols` elements in chunks worth a thread.
inline Index row_grain(Index cols) {
  return std::max<Index>(1, elementwise_grain / std::max<Index>(1, cols));
}

// `count` sums over rows of `cols` numbers: add(begin, end, sums) adds what those rows bring. In
// double, in fixed chunks added in a fixed order.
template <class Add>
std::vector<double> sums_over_rows(Tape& tape, Index rows, Index cols, Index count, Add&& add) {
  const Index grain = std::max<Index>(128, row_grain(cols)), chunks = chunk_count(rows, grain);
  std::vector<double> sums(static_cast<std::size_t>(std::max<Index>(1, chunks) * count));
  parallel_for(tape.threads(), rows, grain, [&](Index begin, Index end) {
    add(begin, end, sums.data() + begin / grain * count);
  });
  for (Index k = 1; k < chunks; ++k)
    for (Index c = 0; c < count; ++c) sums[c] += sums[k * count + c];
  sums.resize(static_cast<std::size_t>(count));
  return sums;
}

// The first of some sums as Real, in a tensor of this shape.
inline Tensor as_tensor(Tape& tape, const double* values, const Shape& shape) {
  Tensor t = tape.make(shape);
  for (Index c = 0; c < t.size(); ++c) t.data()[c] = static_cast<Real>(values[c]);
  return t;
}

// The sum over the rows of a matrix.
inline Tensor column_sums(Tape& tape, const Tensor& x, const Shape& shape) {
  const Index cols = x.cols();
  const auto sums =
      sums_over_rows(tape, x.rows(), cols, cols, [&](Index begin, Index end, double* sum) {
        kernels::sum_columns({end - begin, cols, cols}, x.data() + begin * cols, sum);
      });
  return as_tensor(tape, sums.data(), shape);
}

}  // namespace AGATE_NAMESPACE
