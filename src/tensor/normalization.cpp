#include <agate/core/error.hpp>
#include <agate/tensor/normalization.hpp>
#include <cmath>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_affine(const char* name, const Var& x, const std::optional<Var>& weight,
                  const std::optional<Var>& bias) {
  for (const auto* part : {&weight, &bias})
    check(!*part || (*part)->value().size() == x.cols(), ErrorCode::shape, name, ": ",
          *part ? (*part)->value().size() : 0, " factors or biases for ", x.cols(), " columns");
}

// sums[c] = sum over i of f(i, c), in double, in fixed chunks added in a fixed order.
template <class F>
std::vector<double> sum_rows(Tape& tape, Index rows, Index cols, F f) {
  const Index grain = std::max<Index>(256, row_grain(cols));
  const Index chunks = chunk_count(rows, grain);
  std::vector<double> partial(static_cast<std::size_t>(chunks * cols));
  parallel_for(tape.threads(), rows, grain, [&](Index begin, Index end) {
    double* sum = partial.data() + begin / grain * cols;
    for (Index i = begin; i < end; ++i)
      for (Index c = 0; c < cols; ++c) sum[c] += f(i, c);
  });
  std::vector<double> sums(static_cast<std::size_t>(cols));
  for (Index k = 0; k < chunks; ++k)
    for (Index c = 0; c < cols; ++c) sums[c] += partial[k * cols + c];
  return sums;
}

ColumnStatistics statistics_of(Tape& tape, const Tensor& x) {
  const Index rows = x.rows(), cols = x.cols();
  const auto n = static_cast<double>(std::max<Index>(1, rows));
  auto mean = sum_rows(tape, rows, cols, [&](Index i, Index c) { return double(x.row(i)[c]); });
  for (double& m : mean) m /= n;
  const auto squares = sum_rows(tape, rows, cols, [&](Index i, Index c) {
    const double d = x.row(i)[c] - mean[c];
    return d * d;
  });
  ColumnStatistics s{tape.make({cols}), tape.make({cols})};
  for (Index c = 0; c < cols; ++c) {
    s.mean.data()[c] = static_cast<Real>(mean[c]);
    s.variance.data()[c] = static_cast<Real>(squares[c] / n);
  }
  return s;
}

Tensor as_tensor(Tape& tape, const std::vector<double>& values, const Shape& shape) {
  Tensor t = tape.make(shape);
  for (Index c = 0; c < t.size(); ++c) t.data()[c] = static_cast<Real>(values[c]);
  return t;
}

// The gradients of weight and bias, from the normalised values.
struct AffineSums {
  std::vector<double> weight, bias;
};
AffineSums affine_sums(Tape& tape, const Tensor& normal, const Tensor& dy) {
  const Index rows = dy.rows(), cols = dy.cols();
  return {sum_rows(tape, rows, cols,
                   [&](Index i, Index c) { return double(dy.row(i)[c]) * normal.row(i)[c]; }),
          sum_rows(tape, rows, cols, [&](Index i, Index c) { return double(dy.row(i)[c]); })};
}

void add_affine(Tape& tape, const AffineSums& sums, const std::optional<Var>& weight,
                const std::optional<Var>& bias) {
  if (weight) weight->gradient().add(as_tensor(tape, sums.weight, weight->shape()));
  if (bias) bias->gradient().add(as_tensor(tape, sums.bias, bias->shape()));
}

Real factor(const std::optional<Var>& weight, Index c) {
  return weight ? weight->value().data()[c] : Real(1);
}

// y = normal * weight + bias.
Tensor affine(Tape& tape, const Tensor& normal, const std::optional<Var>& weight,
              const std::optional<Var>& bias) {
  if (!weight && !bias) return normal;
  Tensor y = tape.make(normal.shape());
  const Index cols = normal.cols();
  parallel_for(tape.threads(), normal.rows(), row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index c = 0; c < cols; ++c)
        y.row(i)[c] =
            normal.row(i)[c] * factor(weight, c) + (bias ? bias->value().data()[c] : Real(0));
  });
  return y;
}

Var record(Tape& tape, Tensor y, const Var& x, const std::optional<Var>& weight,
           const std::optional<Var>& bias, Tape::Backward backward) {
  std::vector<const Var*> inputs{&x};
  if (weight) inputs.push_back(&*weight);
  if (bias) inputs.push_back(&*bias);
  return tape.record(std::move(y), inputs, [&] { return std::move(backward); });
}

}  // namespace

Var batch_norm(const Var& x, const std::optional<Var>& weight, const std::optional<Var>& bias,
               Real eps, const ColumnStatistics* given, ColumnStatistics* found) {
  check_affine("batch_norm", x, weight, bias);
  Tape& tape = x.tape();
  const Index rows = x.rows(), cols = x.cols();
  const ColumnStatistics s = given ? *given : statistics_of(tape, x.value());
  check(s.mean.size() == cols && s.variance.size() == cols, ErrorCode::shape,
        "batch_norm: statistics of ", s.mean.size(), " columns for ", cols);
  if (found) *found = s;
  Tensor inverse = tape.make({cols});
  for (Index c = 0; c < cols; ++c) inverse.data()[c] = 1 / std::sqrt(s.variance.data()[c] + eps);
  Tensor normal = tape.make(x.shape());
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index c = 0; c < cols; ++c)
        normal.row(i)[c] = (x.value().row(i)[c] - s.mean.data()[c]) * inverse.data()[c];
  });
  const bool constant = given != nullptr;
  return record(
      tape, affine(tape, normal, weight, bias), x, weight, bias,
      [&tape, x, weight, bias, normal, inverse, constant, rows, cols](const Tensor& dy) {
        const AffineSums sums = affine_sums(tape, normal, dy);
        add_affine(tape, sums, weight, bias);
        if (!x.requires_grad()) return;
        // Through the statistics: what dy has in common with a constant and with the normalised
        // values changes nothing.
        const double share = constant ? 0 : 1 / static_cast<double>(std::max<Index>(1, rows));
        Tensor dx = tape.make(x.shape());
        parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
          for (Index i = begin; i < end; ++i)
            for (Index c = 0; c < cols; ++c)
              dx.row(i)[c] = factor(weight, c) * inverse.data()[c] *
                             (dy.row(i)[c] - static_cast<Real>(share * sums.bias[c]) -
                              normal.row(i)[c] * static_cast<Real>(share * sums.weight[c]));
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
  Tensor normal = tape.make(x.shape()), inverse = tape.make({rows});
  parallel_for(tape.threads(), rows, row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Real* from = x.value().row(i);
      Real mean = 0, variance = 0;
      for (Index c = 0; c < cols; ++c) mean += share * from[c];
      for (Index c = 0; c < cols; ++c) variance += share * (from[c] - mean) * (from[c] - mean);
      const Real scale = inverse.data()[i] = 1 / std::sqrt(variance + eps);
      for (Index c = 0; c < cols; ++c) normal.row(i)[c] = (from[c] - mean) * scale;
    }
  });
  return record(tape, affine(tape, normal, weight, bias), x, weight, bias,
                [&tape, x, weight, bias, normal, inverse, rows, cols, share](const Tensor& dy) {
                  if (weight || bias) add_affine(tape, affine_sums(tape, normal, dy), weight, bias);
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

}  // namespace AGATE_NAMESPACE
