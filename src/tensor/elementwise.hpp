#pragma once
// Loops over all elements, in chunks worth a thread.

#include <agate/core/parallel.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

inline constexpr Index elementwise_grain = 1 << 14;

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

// The sum over the rows of a matrix, in fixed chunks added in a fixed order.
inline Tensor column_sums(Tape& tape, const Tensor& x, Shape shape) {
  const Index cols = x.cols(), grain = std::max<Index>(1024, row_grain(cols));
  const Index chunks = std::max<Index>(1, chunk_count(x.rows(), grain));
  Tensor partial = tape.make_zeros({chunks, cols});
  parallel_for(tape.threads(), x.rows(), grain, [&](Index begin, Index end) {
    Real* sum = partial.row(begin / grain);
    for (Index i = begin; i < end; ++i)
      for (Index j = 0; j < cols; ++j) sum[j] += x.row(i)[j];
  });
  Tensor sums = tape.make_zeros(shape);
  for (Index c = 0; c < chunks; ++c)
    for (Index j = 0; j < cols; ++j) sums.data()[j] += partial.row(c)[j];
  return sums;
}

}  // namespace AGATE_NAMESPACE
