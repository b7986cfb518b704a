#pragma once
/// \file
/// Softmax of each row.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(i, c) = exp(x(i, c)) / sum over c' of exp(x(i, c')), each row shifted by its maximum. NaN in a
/// row makes all of the row NaN.
Var softmax(const Var& x);

}  // namespace AGATE_NAMESPACE
