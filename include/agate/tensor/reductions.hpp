#pragma once
/// \file
/// Sums and means, over everything or over the heads of a row. Error(shape) when the columns are
/// not a multiple of the heads.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

Var sum(const Var& x);   ///< one element
Var mean(const Var& x);  ///< one element; of no elements: 0
/// x (n x heads * channels) -> n x channels: the mean over the heads.
Var mean_heads(const Var& x, Index heads);
/// y(i, h) = sum over c of x(i, h, c) * vector(h, c): x (n x heads * channels), vector of
/// heads * channels elements, y (n x heads).
Var head_dot(const Var& x, const Var& vector, Index heads);

}  // namespace AGATE_NAMESPACE
