#pragma once
// Passes over the rows of a matrix in which every column has its own number, SIMD where the build
// has it: biases, sums of columns, normalisation by column. Rows are `stride` numbers apart; a
// result may take the place of what it is made from.

#include <agate/core/config.hpp>
#include <limits>

namespace AGATE_NAMESPACE::kernels {

// Some rows of a matrix, and as many columns of it.
struct Rows {
  Index rows, cols, stride;
};

// The sums of this room are made in Real over so many rows, then in double.
inline constexpr Index rows_at_a_time = 16;

// y(i, c) = x(i, c) + plus[c].
void add_row(const Rows& shape, const Real* x, const Real* plus, Real* y);

// sum[c] += the sum over i of x(i, c).
void sum_columns(const Rows& shape, const Real* x, double* sum);

// sum[c] += the sum over i of (x(i, c) - mean[c])^2.
void sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum);

// A ReLU behind normalize_columns, on the way back: dy is 0 where (x(i, c) - mean[c]) by[c] +
// plus[c] is not above 0. Made again rather than read: x is there and the result may not be.
struct Cut {
  const Real *by, *plus;
};

// sum[c] += the sum over i of dy(i, c), products[c] += that of dy(i, c) (x(i, c) - mean[c]) by[c].
void sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,
                  const Real* by, double* sum, double* products, const Cut* cut = nullptr);

// y(i, c) = (x(i, c) - mean[c]) by[c] + plus[c], but `least` where that is less.
void normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,
                       const Real* plus, Real* y,
                       Real least = -std::numeric_limits<Real>::infinity());

// dx(i, c) = times[c] (dy(i, c) - level[c] - (x(i, c) - mean[c]) slope[c]).
struct NormalizedColumns {
  const Real *mean, *times, *level, *slope;
};
void normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,
                                const NormalizedColumns& columns, Real* dx,
                                const Cut* cut = nullptr);

// clang-format off
#define AGATE_COLUMN_PASSES                                                                        \
  void add_row(const Rows& shape, const Real* x, const Real* plus, Real* y);                       \
  void sum_columns(const Rows& shape, const Real* x, double* sum);                                 \
  void sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum);               \
  void sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,            \
                    const Real* by, double* sum, double* products, const Cut* cut);                \
  void normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,       \
                         const Real* plus, Real* y, Real least);                                    \
  void normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,                \
                                  const NormalizedColumns& columns, Real* dx, const Cut* cut);
// clang-format on
namespace scalar {
AGATE_COLUMN_PASSES
}
namespace vectorized {
AGATE_COLUMN_PASSES
}
#undef AGATE_COLUMN_PASSES

}  // namespace AGATE_NAMESPACE::kernels
