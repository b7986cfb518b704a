#pragma once
// From sequences packed one after the other to their rows step after step, and back.

#include <agate/core/config.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::nn {

struct PackedSteps {
  // Throws as check_offsets does; `name` begins what it says.
  PackedSteps(const char* name, std::span<const Index> offsets, Index rows);

  // Of each row, step after step, its place in the packed batch; with `from_the_end` a sequence is
  // read from its last row on.
  std::vector<Index> rows(bool from_the_end = false) const;
  // Of each row of the packed batch, its place step after step: the inverse of rows().
  std::vector<Index> places(bool from_the_end = false) const;
  // Of each sequence, in the caller's order, its last row step after step; -1 of an empty one.
  std::vector<Index> last_places() const;
  // Of each sequence, in the caller's order, its place in `order`.
  std::vector<Index> ranks() const;

  std::vector<Index> offsets;  // the caller's
  std::vector<Index> order;    // the sequences, longest first, those of one length as they came
  std::vector<Index> counts;   // rows of each step

 private:
  Index length(Index sequence) const;
};

// Throws Error(shape) unless the offsets begin at 0 and end at `rows`, Error(value) when they fall.
void check_offsets(const char* name, std::span<const Index> offsets, Index rows);

}  // namespace AGATE_NAMESPACE::nn
