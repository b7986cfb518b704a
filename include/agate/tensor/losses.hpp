#pragma once
/// \file
/// Losses over labelled rows.

#include <agate/tensor/tape.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// y(i, c) = x(i, c) - log sum over c' of exp(x(i, c')), each row shifted by its maximum.
Var log_softmax(const Var& x);

/// -log softmax(logits)(i, y[i]), averaged over the rows named. `y` holds one class per row of
/// logits; rows not named may hold -1. With `weights` (one per class) the average is weighted by
/// that of each row's class (torch.nn.functional.cross_entropy). With `label_smoothing` s the class
/// counts 1 - s, and each of the C classes, that one among them, s / C more (Szegedy et al. 2016).
/// Error(shape) for a row or a class that does not exist or as many weights, Error(value) when no
/// row is named and unless 0 <= s <= 1.
Var cross_entropy(const Var& logits, std::span<const int> y, std::span<const Index> rows,
                  std::span<const Real> weights = {}, Real label_smoothing = 0);

/// Multi-label targets (rows x labels of 0, 1, NaN = not known): the mean over the known cells of
/// the rows named of log(1 + exp(x)) - target * x, with x the logit
/// (torch.nn.functional.binary_cross_entropy_with_logits); with `pos_weights` (one per label) cells
/// of target 1 count so many times. Error(shape) when logits and targets differ or a row does not
/// exist, Error(value) when no cell is known.
Var binary_cross_entropy_with_logits(const Var& logits, const Tensor& targets,
                                     std::span<const Index> rows,
                                     std::span<const Real> pos_weights = {});

/// Numbers (rows x columns, NaN = not known): the mean over the known cells of the rows named of
/// ((x - target) / scale)^2, with a scale for each column (none: 1). Errors as above.
Var mean_squared_error(const Var& x, const Tensor& targets, std::span<const Index> rows,
                       std::span<const Real> scales = {});

/// softmax of each row, outside any tape.
Tensor softmax(const Tensor& logits);
/// 1 / (1 + exp(-x)) of each element, outside any tape.
Tensor sigmoid(const Tensor& logits);

}  // namespace AGATE_NAMESPACE
