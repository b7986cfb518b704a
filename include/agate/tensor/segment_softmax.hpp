#pragma once
/// \file
/// Softmax down the columns, over the rows of each segment.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// y(i, c) = exp x(i, c) / sum of exp x(k, c) over the rows k of the segment of row i. Segment b
/// are the rows offsets[b] to offsets[b + 1] - 1. Error(shape) unless the segments are all the
/// rows, Error(value) when offsets fall.
Var segment_softmax(const Var& x, std::span<const Index> offsets);

}  // namespace AGATE_NAMESPACE
