#pragma once
/// \file
/// Columns times a factor each.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(i, c) = x(i, c) * factors(c). Error(shape) unless there is one factor for each column.
Var scale_columns(const Var& x, const Var& factors);

}  // namespace AGATE_NAMESPACE
