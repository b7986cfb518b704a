#pragma once
/// \file
/// Rows times the factors of their segment.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// y(i, c) = x(i, c) * factors(b, c) for the rows i of segment b, offsets[b] to offsets[b + 1] - 1.
/// Error(shape) unless the segments are all the rows and there is one row of factors for each,
/// Error(value) when offsets fall.
Var scale_segments(const Var& x, const Var& factors, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE
