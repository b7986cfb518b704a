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
/// logits; rows not named may hold -1. Error(shape) for a row or a class that does not exist,
/// Error(value) when no row is named.
Var cross_entropy(const Var& logits, std::span<const int> y, std::span<const Index> rows);

/// softmax of each row, outside any tape.
Tensor softmax(const Tensor& logits);

}  // namespace AGATE_NAMESPACE
