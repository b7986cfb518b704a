#pragma once
/// \file
/// Normalisation of columns over a batch of rows, and of each row by itself.

#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE {

/// Of each column: its mean, and its variance divided by the number of rows.
struct ColumnStatistics {
  Tensor mean, variance;
};

/// What stands before and behind batch_norm, at no cost of its own.
struct AroundBatchNorm {
  std::optional<Var> before;  ///< one number per column, added to x
  bool relu = false;          ///< of what comes out
};

/// y(i, c) = (x(i, c) - mean(c)) / sqrt(variance(c) + eps) * weight(c) + bias(c) (Ioffe and Szegedy
/// 2015), with the statistics of x itself, which are returned through `found`, or, where `given`,
/// with those. Weight and bias hold one number per column. Error(shape) when the sizes do not fit.
/// The same of add_bias(x, around.before), then relu, where asked for: the statistics of x itself
/// undo what is added, whose gradient is 0 then.
Var batch_norm(const Var& x, const std::optional<Var>& weight, const std::optional<Var>& bias,
               Real eps, const ColumnStatistics* given, ColumnStatistics* found = nullptr,
               const AroundBatchNorm& around = {});

/// y(i, c) = (x(i, c) - mean(i)) / sqrt(variance(i) + eps) * weight(c) + bias(c), with the mean and
/// variance of row i (Ba, Kiros, Hinton 2016). Error(shape) when the sizes do not fit.
Var layer_norm(const Var& x, const std::optional<Var>& weight, const std::optional<Var>& bias,
               Real eps);

/// y(i, c) = x(i, c) / max(|x(i)|, eps) with the Euclidean length |x(i)| of row i: torch's
/// functional.normalize.
Var normalize(const Var& x, Real eps = Real(1e-12));

}  // namespace AGATE_NAMESPACE
