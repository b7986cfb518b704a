#pragma once
/// \file
/// One row for each segment, given to all of its rows.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// y(i, c) = x(b, c) for the rows i of segment b, offsets[b] to offsets[b + 1] - 1: x (segments x
/// C) -> offsets.back() x C. Error(shape) unless the segments begin at row 0 and there is one row
/// of x for each, Error(value) when offsets fall.
Var segment_expand(const Var& x, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE
