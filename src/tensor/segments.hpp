#pragma once
// Segments of rows: what operations that look across rows share.

#include <agate/core/error.hpp>
#include <algorithm>
#include <span>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

// Throws unless the segments, offsets[b] to offsets[b + 1] - 1, are all the rows.
inline void check_segments(const char* name, std::span<const Index> offsets, Index rows) {
  check(!offsets.empty() && offsets.front() == 0 && offsets.back() == rows, ErrorCode::shape, name,
        ": offsets from ", offsets.empty() ? 0 : offsets.front(), " to ",
        offsets.empty() ? 0 : offsets.back(), " for ", rows, " rows, expected 0 to ", rows);
  for (std::size_t b = 1; b < offsets.size(); ++b)
    check(offsets[b] >= offsets[b - 1], ErrorCode::value, name, ": offsets fall from ",
          offsets[b - 1], " to ", offsets[b], " at segment ", b - 1);
}

// A few columns of one segment, at most this many.
inline constexpr Index strip_width = 16;
struct Strip {
  Index segment, begin, end;        // its rows
  Index first_column, last_column;  // behind the last
};

// Calls body(strip) until all columns of all segments were met, each once.
template <class Body>
void for_strips(Tape& tape, std::span<const Index> offsets, Index cols, Body&& body) {
  const Index segments = std::ssize(offsets) - 1, strips = chunk_count(cols, strip_width);
  const Index work = 1 + offsets.back() * strip_width / std::max<Index>(1, segments);
  parallel_for(
      tape.threads(), segments * strips, std::max<Index>(1, elementwise_grain / work),
      [&](Index begin, Index end) {
        for (Index task = begin; task < end; ++task) {
          const Index b = task / strips, first = task % strips * strip_width;
          body(Strip{b, offsets[b], offsets[b + 1], first, std::min(cols, first + strip_width)});
        }
      });
}

// Calls f(i, c) for each element of the strip, row by row.
template <class F>
void for_elements(const Strip& s, F&& f) {
  for (Index i = s.begin; i < s.end; ++i)
    for (Index c = s.first_column; c < s.last_column; ++c) f(i, c);
}

}  // namespace AGATE_NAMESPACE
