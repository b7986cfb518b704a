#pragma once
/// \file
/// The greatest element of each column, over the rows of each segment.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// y(b, c) = the greatest x(i, c) among the rows i of segment b, offsets[b] to offsets[b + 1] - 1;
/// zero where it has none. The gradient goes to the first of equals. NaN in, NaN out, without a
/// gradient. Error(shape) unless the segments are all the rows, Error(value) when offsets fall.
Var segment_max(const Var& x, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE
