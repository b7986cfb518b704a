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

Var cross_entropy(const Var& logits, std::span<const int> y, std::span<const Index> rows) {
  const Index classes = logits.cols();
  check(static_cast<Index>(y.size()) == logits.rows(), ErrorCode::shape,
        "cross_entropy: ", y.size(), " labels for ", logits.rows(), " rows");
  check(!rows.empty(), ErrorCode::value, "cross_entropy: no rows to learn from");
  for (Index i : rows) {
    check(i >= 0 && i < logits.rows(), ErrorCode::shape, "cross_entropy: row ", i, " of ",
          logits.rows());
    check(y[i] >= 0 && y[i] < classes, ErrorCode::shape, "cross_entropy: row ", i, " has class ",
          y[i], ", there are ", classes);
  }
  Tape& tape = logits.tape();
  double sum = 0;
  for (Index i : rows) {
    const Real* row = logits.value().row(i);
    sum += log_sum_exp(row, classes) - row[y[i]];
  }
  const auto count = static_cast<Real>(rows.size());
  Tensor loss = tape.make({});
  loss.fill(static_cast<Real>(sum) / count);
  return tape.record(std::move(loss), {&logits}, [&] {
    return [&tape, logits, labels = std::vector<int>(y.begin(), y.end()),
            named = std::vector<Index>(rows.begin(), rows.end()), count](const Tensor& dy) {
      Tensor d = tape.make_zeros(logits.shape());
      const Real share = dy.item() / count;
      for (Index i : named) {
        const Real* row = logits.value().row(i);
        const Real lse = log_sum_exp(row, d.cols());
        for (Index c = 0; c < d.cols(); ++c) d.row(i)[c] += share * std::exp(row[c] - lse);
        d.row(i)[labels[static_cast<std::size_t>(i)]] -= share;
      }
      logits.gradient().add(std::move(d));
    };
  });
}

Var binary_cross_entropy_with_logits(const Var& logits, const Tensor& targets,
                                     std::span<const Index> rows) {
  const char* name = "binary_cross_entropy_with_logits";
  check(targets.rows() == logits.rows() && targets.cols() == logits.cols(), ErrorCode::shape, name,
        ": targets of ", targets.shape().to_string(), " for logits of ",
        logits.shape().to_string());
  double sum = 0, count = 0;
  for (Index i : rows) {
    check(i >= 0 && i < logits.rows(), ErrorCode::shape, name, ": row ", i, " of ", logits.rows());
    for (Index c = 0; c < logits.cols(); ++c) {
      const Real x = logits.value().row(i)[c], t = targets.row(i)[c];
      if (t != t) continue;
      sum += std::max(x, Real(0)) - t * x + std::log1p(std::exp(-std::abs(x)));
      ++count;
    }
  }
  check(count > 0, ErrorCode::value, name, ": no known target to learn from");
  Tape& tape = logits.tape();
  Tensor loss = tape.make({});
  loss.fill(static_cast<Real>(sum / count));
  return tape.record(std::move(loss), {&logits}, [&] {
    return [&tape, logits, targets, named = std::vector<Index>(rows.begin(), rows.end()),
            count](const Tensor& dy) {
      Tensor d = tape.make_zeros(logits.shape());
      const Real share = dy.item() / static_cast<Real>(count);
      for (Index i : named)
        for (Index c = 0; c < d.cols(); ++c) {
          const Real x = logits.value().row(i)[c], t = targets.row(i)[c];
          if (t == t) d.row(i)[c] += share * (1 / (1 + std::exp(-x)) - t);
        }
      logits.gradient().add(std::move(d));
    };
  });
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
