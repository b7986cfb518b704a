#pragma once
// Sums over segments of rows, and their counterpart: a row for each segment given to its rows. Each
// is the gradient of the other.

#include <agate/tensor/tape.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

enum class Share {
  all,   // rows count fully
  mean,  // divided by the number of rows of their segment
};

// y(b, c) = the sum, or the mean, of x(i, c) over the rows i of segment b; 0 where it has none.
Tensor sum_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share);

// y(i, c) = x(b, c), or that divided by the number of rows, for the rows i of segment b.
Tensor expand_segments(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share);

// y += expand_segments(x).
void add_expanded(Tape& tape, const Tensor& x, std::span<const Index> offsets, Share share,
                  Tensor& y);

// sum_segments on a tape.
Var record_segment_sum(const char* name, const Var& x, std::span<const Index> offsets, Share share);

}  // namespace AGATE_NAMESPACE
