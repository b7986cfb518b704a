#pragma once
/// \file
/// Picking rows and columns, and putting them together.

#include <agate/tensor/tape.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// The rows of x named, in the order named; a row may be named more than once. Error(shape) for a
/// row that does not exist.
Var gather_rows(const Var& x, std::vector<Index> rows);

/// The same of a tensor of two dimensions, outside any tape.
Tensor select_rows(const Tensor& x, std::span<const Index> rows);

/// The columns begin .. end - 1 of x. Error(shape) when x has no such columns.
Var columns(const Var& x, Index begin, Index end);

/// The rows of all parts one after the other. Error(shape) when their columns differ or there are
/// no parts.
Var concat_rows(const std::vector<Var>& parts);

/// The columns of all parts side by side. Error(shape) when their rows differ or there are none.
Var concat(const std::vector<Var>& parts);

/// The same elements under another shape of the same size: Error(shape) for one of another.
Var reshape(const Var& x, Shape shape);

}  // namespace AGATE_NAMESPACE
