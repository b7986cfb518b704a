#include "tensor/turned.hpp"

#include <algorithm>

#include "tensor/sparse_rows.hpp"

namespace AGATE_NAMESPACE {

Tensor transposed(Tape& tape, const Tensor& x) {
  const Index rows = x.rows(), cols = x.cols();
  Tensor y = tape.make({cols, rows});
  const Real* from = x.data();
  Real* to = y.data();
  // Squares of which all lines stay in the nearest cache.
  constexpr Index side = 16;
  const Index strip = std::max(side, row_grain(rows) / side * side);
  parallel_for(tape.threads(), cols, strip, [=](Index begin, Index end) {
    for (Index j = begin; j < end; j += side)
      for (Index i = 0; i < rows; i += side) {
        const Index last = std::min(j + side, end), wide = std::min(side, rows - i);
        for (Index row = j; row < last; ++row)
          for (Index k = 0; k < wide; ++k) to[row * rows + i + k] = from[(i + k) * cols + row];
      }
  });
  return y;
}

TurnedWeight::TurnedWeight(Tape& tape, const Tensor& weight, Index rows) : weight_(weight) {
  constexpr Index worth_it = 1024;
  if (rows >= worth_it) turned_ = transposed(tape, weight);
}

}  // namespace AGATE_NAMESPACE
