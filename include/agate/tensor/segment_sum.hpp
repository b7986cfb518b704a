#pragma once
/// \file
/// The sum of the rows of each segment.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// y(b, c) = the sum of x(i, c) over the rows i of segment b, offsets[b] to offsets[b + 1] - 1;
/// zero where it has none. Error(shape) unless the segments are all the rows, Error(value) when
/// offsets fall.
Var segment_sum(const Var& x, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE
