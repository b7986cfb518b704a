#include "kernels/column_passes.hpp"

#include <algorithm>

#include "kernels/elementary.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

// sum[c] += the sum over i of f(i, c), over a few rows in Real.
template <class F>
void sum_over_rows(const Rows& shape, double* sum, F f) {
  for (Index start = 0; start < shape.rows; start += rows_at_a_time) {
    const Index end = std::min(shape.rows, start + rows_at_a_time);
    for (Index c = 0; c < shape.cols; ++c) {
      Real run = 0;
      for (Index i = start; i < end; ++i) run += f(i * shape.stride + c, c);
      sum[c] += run;
    }
  }
}

template <class F>
void for_each(const Rows& shape, F f) {
  for (Index i = 0; i < shape.rows; ++i)
    for (Index c = 0; c < shape.cols; ++c) f(i * shape.stride + c, c);
}

// dy, or 0, where x is so far from the mean of column c.
Real counted(Real dy, Real difference, const Cut* cut, Index c) {
  return !cut || difference * cut->by[c] + cut->plus[c] > 0 ? dy : Real(0);
}

}  // namespace

void scalar::add_row(const Rows& shape, const Real* x, const Real* plus, Real* y) {
  for_each(shape, [=](Index o, Index c) { y[o] = x[o] + plus[c]; });
}

void scalar::sum_columns(const Rows& shape, const Real* x, double* sum) {
  sum_over_rows(shape, sum, [=](Index o, Index) { return x[o]; });
}

void scalar::sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum) {
  sum_over_rows(shape, sum, [=](Index o, Index c) { return (x[o] - mean[c]) * (x[o] - mean[c]); });
}

void scalar::sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,
                          const Real* by, double* sum, double* products, const Cut* cut) {
  sum_over_rows(shape, sum,
                [=](Index o, Index c) { return counted(dy[o], x[o] - mean[c], cut, c); });
  sum_over_rows(shape, products, [=](Index o, Index c) {
    const Real difference = x[o] - mean[c];
    return counted(dy[o], difference, cut, c) * (difference * by[c]);
  });
}

void scalar::normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,
                               const Real* plus, Real* y, Real least) {
  for_each(shape, [=](Index o, Index c) {
    const Real v = (x[o] - mean[c]) * by[c] + plus[c];
    y[o] = v < least ? least : v;
  });
}

void scalar::normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,
                                        const NormalizedColumns& columns, Real* dx,
                                        const Cut* cut) {
  const auto [mean, times, level, slope] = columns;
  for (Index i = 0; i < shape.rows; ++i)
    for (Index c = 0; c < shape.cols; ++c) {
      const Index o = i * shape.stride + c;
      const Real difference = x[o] - mean[c];
      dx[o] = times[c] * (counted(dy[o], difference, cut, c) - level[c] - difference * slope[c]);
    }
}

void add_row(const Rows& shape, const Real* x, const Real* plus, Real* y) {
  AGATE_KERNEL(add_row)(shape, x, plus, y);
}

void sum_columns(const Rows& shape, const Real* x, double* sum) {
  AGATE_KERNEL(sum_columns)(shape, x, sum);
}

void sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum) {
  AGATE_KERNEL(sum_squares)(shape, x, mean, sum);
}

void sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,
                  const Real* by, double* sum, double* products, const Cut* cut) {
  AGATE_KERNEL(sum_products)(shape, dy, x, mean, by, sum, products, cut);
}

void normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,
                       const Real* plus, Real* y, Real least) {
  AGATE_KERNEL(normalize_columns)(shape, x, mean, by, plus, y, least);
}

void normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,
                                const NormalizedColumns& columns, Real* dx, const Cut* cut) {
  AGATE_KERNEL(normalize_columns_backward)(shape, dy, x, columns, dx, cut);
}

}  // namespace AGATE_NAMESPACE::kernels
