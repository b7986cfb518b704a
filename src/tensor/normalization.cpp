#include <agate/core/error.hpp>
#include <agate/tensor/normalization.hpp>
#include <cmath>
#include <limits>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_affine(const char* name, const Var& x, const std::optional<Var>& weight,
                  const std::optional<Var>& bias) {
  for (const auto* part : {&weight, &bias})
    check(!*part || (*part)->value().size() == x.cols(), ErrorCode::shape, name, ": ",
          *part ? (*part)->value().size() : 0, " factors or biases for ", x.cols(), " columns");
}

kernels::Rows rows_of(Index begin, Index end, Index cols) { return {end - begin, cols, cols}; }

ColumnStatistics statistics_of(Tape& tape, const Tensor& x) {
  const Index rows = x.rows(), cols = x.cols();
  ColumnStatistics s{tape.make_zeros({cols}), tape.make_zeros({cols})};
  if (rows == 0) return s;
  const auto n = static_cast<double>(rows);
  const Real* data = x.data();
  Real* mean = s.mean.data();
  const auto sums =
      sums_over_rows(tape, rows, cols, cols, [=](Index begin, Index end, double* sum) {
        kernels::sum_columns(rows_of(begin, end, cols), data + begin * cols, sum);
      });
  for (Index c = 0; c < cols; ++c) mean[c] = static_cast<Real>(sums[c] / n);
  // A second pass, from the mean: a single one loses what a large mean or an outlier drowns.
  const auto squares =
      sums_over_rows(tape, rows, cols, cols, [=](Index begin, Index end, double* sum) {
        kernels::sum_squares(rows_of(begin, end, cols), data + begin * cols, mean, sum);
      });
  for (Index c = 0; c < cols; ++c) s.variance.data()[c] = static_cast<Real>(squares[c] / n);
  return s;
}

// The sums of each column of dy, and behind them those of dy (x - mean) by.
std::vector<double> gradient_sums(Tape& tape, const Tensor& dy, const Tensor& x, const Real* mean,
                                  const Real* by, const kernels::Cut* cut = nullptr) {
  const Index cols = x.cols();
  return sums_over_rows(tape, x.rows(), 2 * cols, 2 * cols,
                        [&](Index begin, Index end, double* sum) {
                          const Index at = begin * cols;
                          kernels::sum_products(rows_of(begin, end, cols), dy.data() + at,
                                                x.data() + at, mean, by, sum, sum + cols, cut);
                        });
}

// From gradient_sums.
void add_affine(Tape& tape, const std::vector<double>& sums, const std::optional<Var>& weight,
                const std::optional<Var>& bias) {
  const double* d_weight = sums.data() + sums.size() / 2;
  if (weight) weight->gradient().add(as_tensor(tape, d_weight, weight->shape()));
  if (bias) bias->gradient().add(as_tensor(tape, sums.data(), bias->shape()));
}

Real factor(const std::optional<Var>& weight, Index c) {
  return weight ? weight->value().data()[c] : Real(1);
}

Var record(Tape& tape, Tensor y, const Var& x, const std::optional<Var>& weight,
           const std::optional<Var>& bias, const std::optional<Var>& before,
           Tape::Backward backward) {
  std::vector<const Var*> inputs{&x};
  if (before) inputs.push_back(&*before);
  if (weight) inputs.push_back(&*weight);
  if (bias) inputs.push_back(&*bias);
  return tape.record(std::move(y), inputs, [&] { return std::move(backward); });
}

}  // namespace

Var batch_norm(const Var& x, const std::optional<Var>& weight, const std::optional<Var>& bias,
               Real eps, const ColumnStatistics* given, ColumnStatistics* found,
               const AroundBatchNorm& around) {
  check_affine("batch_norm", x, weight, bias);
  check_affine("batch_norm", x, around.before, {});
  Tape& tape = x.tape();
  const Index rows = x.rows(), cols = x.cols();
  ColumnStatistics s = given ? *given : statistics_of(tape, x.value());
  check(s.mean.size() == cols && s.variance.size() == cols, ErrorCode::shape,
        "batch_norm: statistics of ", s.mean.size(), " columns for ", cols);
  const auto moved_mean = [&](Real sign) {
    Tensor mean = tape.make({cols});
    const Real* by = around.before->value().data();
    for (Index c = 0; c < cols; ++c) mean.data()[c] = s.mean.data()[c] + sign * by[c];
    return mean;
  };
  if (found) *found = {around.before && !given ? moved_mean(1) : s.mean, s.variance};
  // From here on the mean of x.
  if (around.before && given) s.mean = moved_mean(-1);
  // y = scale (x - mean) + bias, with scale = weight / deviation.
  Tensor inverse = tape.make({cols}), scale = tape.make({cols}), shift = tape.make_zeros({cols});
  for (Index c = 0; c < cols; ++c) {
    inverse.data()[c] = 1 / std::sqrt(s.variance.data()[c] + eps);
    scale.data()[c] = inverse.data()[c] * factor(weight, c);
  }
  if (bias) shift.copy_from(bias->value().reshape({cols}));
  Tensor y = tape.make(x.shape());
  const Real *mean = s.mean.data(), *by = scale.data(), *plus = shift.data(),
             *from = x.value().data();
  const Real least = around.relu ? Real(0) : -std::numeric_limits<Real>::infinity();
  parallel_for(tape.threads(), rows, row_grain(cols), [=, to = y.data()](Index begin, Index end) {
    kernels::normalize_columns(rows_of(begin, end, cols), from + begin * cols, mean, by, plus,
                               to + begin * cols, least);
  });
  const bool constant = given != nullptr;
  return record(
      tape, std::move(y), x, weight, bias, around.before,
      [&tape, x, weight, bias, before = around.before, s, inverse, scale, shift, relu = around.relu,
       constant, rows, cols](const Tensor& gradient) {
        const Real *dy = gradient.data(), *at = x.value().data(), *middle = s.mean.data(),
                   *over = inverse.data(), *times = scale.data();
        const kernels::Cut by_relu{times, shift.data()}, *cut = relu ? &by_relu : nullptr;
        const auto sums = gradient_sums(tape, gradient, x.value(), middle, over, cut);
        add_affine(tape, sums, weight, bias);
        if (before && before->requires_grad()) {
          Tensor d = tape.make_zeros(before->shape());
          for (Index c = 0; c < cols && constant; ++c)
            d.data()[c] = static_cast<Real>(sums[c] * times[c]);
          before->gradient().add(std::move(d));
        }
        if (!x.requires_grad()) return;
        // Through the statistics: what dy has in common with a constant and with the normalised
        // values changes nothing.
        Tensor common = tape.make_zeros({2, cols}), dx = tape.make(x.shape());
        for (Index c = 0; c < cols && !constant; ++c) {
          const auto n = static_cast<double>(rows);
          common.row(0)[c] = static_cast<Real>(sums[c] / n);
          common.row(1)[c] = static_cast<Real>(sums[cols + c] / n * over[c]);
        }
        const kernels::NormalizedColumns columns{middle, times, common.row(0), common.row(1)};
        parallel_for(tape.threads(), rows, row_grain(cols),
                     [=, to = dx.data()](Index begin, Index end) {
                       const Index o = begin * cols;
                       kernels::normalize_columns_backward(rows_of(begin, end, cols), dy + o,
                                                           at + o, columns, to + o, cut);
                     });
        x.gradient().add(std::move(dx));
      });
}

Var layer_norm(const Var& x, const std::optional<Var>& weight, const std::optional<Var>& bias,
               Real eps) {
  check_affine("layer_norm", x, weight, bias);
  Tape& tape = x.tape();
  const Index rows = x.rows(), cols = x.cols();
  const Real share = Real(1) / static_cast<Real>(std::max<Index>(1, cols));
  Tensor normal = tape.make(x.shape()), inverse = tape.make({rows}), y = tape.make(x.shape());
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Real* from = x.value().row(i);
      Real mean = 0, variance = 0;
      for (Index c = 0; c < cols; ++c) mean += share * from[c];
      for (Index c = 0; c < cols; ++c) variance += share * (from[c] - mean) * (from[c] - mean);
      const Real scale = inverse.data()[i] = 1 / std::sqrt(variance + eps);
      for (Index c = 0; c < cols; ++c) {
        const Real v = normal.row(i)[c] = (from[c] - mean) * scale;
        y.row(i)[c] = v * factor(weight, c) + (bias ? bias->value().data()[c] : Real(0));
      }
    }
  });
  return record(tape, std::move(y), x, weight, bias, {},
                [&tape, x, weight, bias, normal, inverse, rows, cols, share](const Tensor& dy) {
                  if (weight || bias) {
                    const Tensor zeros = tape.make_zeros({cols});
                    Tensor ones = tape.make({cols});
                    ones.fill(1);
                    add_affine(tape, gradient_sums(tape, dy, normal, zeros.data(), ones.data()),
                               weight, bias);
                  }
                  if (!x.requires_grad()) return;
                  Tensor dx = tape.make(x.shape());
                  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
                    for (Index i = begin; i < end; ++i) {
                      Real sum = 0, product = 0;
                      for (Index c = 0; c < cols; ++c) {
                        const Real d = dy.row(i)[c] * factor(weight, c);
                        sum += share * d;
                        product += share * d * normal.row(i)[c];
                      }
                      for (Index c = 0; c < cols; ++c)
                        dx.row(i)[c] = inverse.data()[i] * (dy.row(i)[c] * factor(weight, c) - sum -
                                                            normal.row(i)[c] * product);
                    }
                  });
                  x.gradient().add(std::move(dx));
                });
}

Var normalize(const Var& x, Real eps) {
  Tape& tape = x.tape();
  const Index rows = x.rows(), cols = x.cols();
  Tensor y = tape.make(x.shape()), length = tape.make({rows});
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Real* from = x.value().row(i);
      double squares = 0;
      for (Index c = 0; c < cols; ++c) squares += double(from[c]) * from[c];
      const Real found = length.data()[i] = static_cast<Real>(std::sqrt(squares));
      // Written so that NaN stays.
      const Real divisor = found < eps ? eps : found;
      for (Index c = 0; c < cols; ++c) y.row(i)[c] = from[c] / divisor;
    }
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y, length, eps, rows, cols](const Tensor& dy) {
      Tensor d = tape.make(y.shape());
      parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          const bool short_row = length.data()[i] < eps;
          const Real divisor = short_row ? eps : length.data()[i];
          Real along = 0;
          for (Index c = 0; c < cols && !short_row; ++c) along += dy.row(i)[c] * y.row(i)[c];
          for (Index c = 0; c < cols; ++c)
            d.row(i)[c] = (dy.row(i)[c] - along * y.row(i)[c]) / divisor;
        }
      });
      dx.add(std::move(d));
    };
  });
}

}  // namespace AGATE_NAMESPACE
