#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real log_sum_exp(const Real* x, Index n) {
  Real most = -std::numeric_limits<Real>::infinity(), sum = 0;
  for (Index c = 0; c < n; ++c) most = std::max(most, x[c]);
  for (Index c = 0; c < n; ++c) sum += std::exp(x[c] - most);
  return most + std::log(sum);
}

void check_factors(const char* name, std::span<const Real> factors, Index columns) {
  check(factors.empty() || std::ssize(factors) == columns, ErrorCode::shape, name, ": ",
        factors.size(), " weights for ", columns, " columns");
}

// That of column c; 1 where there are none.
Real factor(std::span<const Real> factors, Index c) {
  return factors.empty() ? Real(1) : factors[static_cast<std::size_t>(c)];
}

template <class T>
std::vector<T> copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

// The mean of cost(x, target, factor of the column) over the known cells of the rows named.
template <class Cost, class Slope>
Var mean_over_cells(const char* name, const Var& x, const Tensor& targets,
                    std::span<const Index> rows, std::span<const Real> factors, Cost cost,
                    Slope slope) {
  check(targets.rows() == x.rows() && targets.cols() == x.cols(), ErrorCode::shape, name,
        ": targets of ", targets.shape().to_string(), " for outputs of ", x.shape().to_string());
  check_factors(name, factors, x.cols());
  double sum = 0, count = 0;
  for (Index i : rows) {
    check(i >= 0 && i < x.rows(), ErrorCode::shape, name, ": row ", i, " of ", x.rows());
    for (Index c = 0; c < x.cols(); ++c) {
      const Real t = targets.row(i)[c];
      if (t != t) continue;
      sum += cost(x.value().row(i)[c], t, factor(factors, c));
      ++count;
    }
  }
  check(count > 0, ErrorCode::value, name, ": no known target to learn from");
  Tape& tape = x.tape();
  Tensor loss = tape.make({});
  loss.fill(static_cast<Real>(sum / count));
  return tape.record(std::move(loss), {&x}, [&] {
    return [&tape, x, targets, named = copy(rows), factors = copy(factors), count,
            slope](const Tensor& dy) {
      Tensor d = tape.make_zeros(x.shape());
      const Real share = dy.item() / static_cast<Real>(count);
      for (Index i : named)
        for (Index c = 0; c < d.cols(); ++c) {
          const Real t = targets.row(i)[c];
          if (t == t) d.row(i)[c] += share * slope(x.value().row(i)[c], t, factor(factors, c));
        }
      x.gradient().add(std::move(d));
    };
  });
}

}  // namespace

Var log_softmax(const Var& x) {
  Tape& tape = x.tape();
  const Index cols = x.cols();
  Tensor y = tape.make(x.shape());
  parallel_for(tape.threads(), x.rows(), row_grain(8 * cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Real lse = log_sum_exp(x.value().row(i), cols);
      for (Index c = 0; c < cols; ++c) y.row(i)[c] = x.value().row(i)[c] - lse;
    }
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y, cols](const Tensor& dy) {
      Tensor d = tape.make(y.shape());
      parallel_for(tape.threads(), y.rows(), row_grain(8 * cols), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          Real sum = 0;
          for (Index c = 0; c < cols; ++c) sum += dy.row(i)[c];
          for (Index c = 0; c < cols; ++c) d.row(i)[c] = dy.row(i)[c] - std::exp(y.row(i)[c]) * sum;
        }
      });
      dx.add(std::move(d));
    };
  });
}

Var cross_entropy(const Var& logits, std::span<const int> y, std::span<const Index> rows,
                  std::span<const Real> weights, Real label_smoothing) {
  const Index classes = logits.cols();
  check(static_cast<Index>(y.size()) == logits.rows(), ErrorCode::shape,
        "cross_entropy: ", y.size(), " labels for ", logits.rows(), " rows");
  check(!rows.empty(), ErrorCode::value, "cross_entropy: no rows to learn from");
  check_factors("cross_entropy", weights, classes);
  check(label_smoothing >= 0 && label_smoothing <= 1, ErrorCode::value,
        "cross_entropy: label_smoothing = ", label_smoothing, ", expected from 0 to 1");
  for (Index i : rows) {
    check(i >= 0 && i < logits.rows(), ErrorCode::shape, "cross_entropy: row ", i, " of ",
          logits.rows());
    check(y[i] >= 0 && y[i] < classes, ErrorCode::shape, "cross_entropy: row ", i, " has class ",
          y[i], ", there are ", classes);
  }
  Tape& tape = logits.tape();
  const Real kept = 1 - label_smoothing, spread = label_smoothing / static_cast<Real>(classes);
  double sum = 0, total = 0;
  for (Index i : rows) {
    const Real* row = logits.value().row(i);
    const Real weight = factor(weights, y[i]), lse = log_sum_exp(row, classes);
    sum += kept * weight * (lse - row[y[i]]);
    for (Index c = 0; c < classes && spread > 0; ++c)
      sum += spread * factor(weights, c) * (lse - row[c]);
    total += weight;
  }
  Tensor loss = tape.make({});
  loss.fill(static_cast<Real>(sum / total));
  return tape.record(std::move(loss), {&logits}, [&] {
    return [&tape, logits, labels = std::vector<int>(y.begin(), y.end()), named = copy(rows),
            weights = copy(weights), total, kept, spread](const Tensor& dy) {
      Tensor d = tape.make_zeros(logits.shape());
      Real all = 0;  // what is spread over the classes
      for (Index c = 0; c < d.cols(); ++c) all += spread * factor(weights, c);
      for (Index i : named) {
        const Real* row = logits.value().row(i);
        const int label = labels[static_cast<std::size_t>(i)];
        const Real unit = dy.item() / static_cast<Real>(total);
        const Real share = kept * unit * factor(weights, label), both = share + unit * all;
        const Real lse = log_sum_exp(row, d.cols());
        for (Index c = 0; c < d.cols(); ++c) d.row(i)[c] += both * std::exp(row[c] - lse);
        for (Index c = 0; c < d.cols() && spread > 0; ++c)
          d.row(i)[c] -= unit * spread * factor(weights, c);
        d.row(i)[label] -= share;
      }
      logits.gradient().add(std::move(d));
    };
  });
}

Var binary_cross_entropy_with_logits(const Var& logits, const Tensor& targets,
                                     std::span<const Index> rows,
                                     std::span<const Real> pos_weights) {
  return mean_over_cells(
      "binary_cross_entropy_with_logits", logits, targets, rows, pos_weights,
      [](Real x, Real t, Real weight) {
        // log(1 + exp(-x)) for a target of 1, log(1 + exp(x)) for 0.
        const Real far = std::log1p(std::exp(-std::abs(x)));
        return weight * t * (std::max(-x, Real(0)) + far) + (1 - t) * (std::max(x, Real(0)) + far);
      },
      [](Real x, Real t, Real weight) {
        const Real p = 1 / (1 + std::exp(-x));
        return (1 - t) * p - weight * t * (1 - p);
      });
}

Var mean_squared_error(const Var& x, const Tensor& targets, std::span<const Index> rows,
                       std::span<const Real> scales) {
  return mean_over_cells(
      "mean_squared_error", x, targets, rows, scales,
      [](Real v, Real t, Real scale) { return (v - t) / scale * ((v - t) / scale); },
      [](Real v, Real t, Real scale) { return 2 * (v - t) / (scale * scale); });
}

Tensor sigmoid(const Tensor& logits) {
  Tensor p = Tensor::uninitialized(logits.shape());
  for (Index i = 0; i < p.size(); ++i) p.data()[i] = 1 / (1 + std::exp(-logits.data()[i]));
  return p;
}

Tensor softmax(const Tensor& logits) {
  Tensor p = Tensor::uninitialized(logits.shape());
  for (Index i = 0; i < logits.rows(); ++i) {
    const Real lse = log_sum_exp(logits.row(i), logits.cols());
    for (Index c = 0; c < logits.cols(); ++c) p.row(i)[c] = std::exp(logits.row(i)[c] - lse);
  }
  return p;
}

}  // namespace AGATE_NAMESPACE
