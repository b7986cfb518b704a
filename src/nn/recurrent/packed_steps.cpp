#include "nn/recurrent/packed_steps.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::nn {

void check_offsets(const char* name, std::span<const Index> offsets, Index rows) {
  check(!offsets.empty() && offsets.front() == 0 && offsets.back() == rows, ErrorCode::shape, name,
        ": offsets from ", offsets.empty() ? 0 : offsets.front(), " to ",
        offsets.empty() ? 0 : offsets.back(), " for ", rows, " rows, expected 0 to ", rows);
  for (std::size_t b = 1; b < offsets.size(); ++b)
    check(offsets[b] >= offsets[b - 1], ErrorCode::value, name, ": offsets fall from ",
          offsets[b - 1], " to ", offsets[b], " at sequence ", b - 1);
}

PackedSteps::PackedSteps(const char* name, std::span<const Index> given, Index rows)
    : offsets(given.begin(), given.end()) {
  check_offsets(name, given, rows);
  order.resize(offsets.size() - 1);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [this](Index a, Index b) { return length(a) > length(b); });
  for (std::size_t running = order.size(); running > 0; --running)
    counts.resize(static_cast<std::size_t>(length(order[running - 1])),
                  static_cast<Index>(running));
}

Index PackedSteps::length(Index sequence) const {
  const auto b = static_cast<std::size_t>(sequence);
  return offsets[b + 1] - offsets[b];
}

std::vector<Index> PackedSteps::rows(bool from_the_end) const {
  std::vector<Index> rows;
  rows.reserve(static_cast<std::size_t>(offsets.back()));
  for (Index t = 0; t < std::ssize(counts); ++t)
    for (Index r = 0; r < counts[static_cast<std::size_t>(t)]; ++r) {
      const auto b = static_cast<std::size_t>(order[static_cast<std::size_t>(r)]);
      rows.push_back(from_the_end ? offsets[b + 1] - 1 - t : offsets[b] + t);
    }
  return rows;
}

std::vector<Index> PackedSteps::places(bool from_the_end) const {
  const std::vector<Index> of = rows(from_the_end);
  std::vector<Index> places(of.size());
  for (std::size_t k = 0; k < of.size(); ++k)
    places[static_cast<std::size_t>(of[k])] = static_cast<Index>(k);
  return places;
}

std::vector<Index> PackedSteps::last_places() const {
  std::vector<Index> places(order.size(), -1);
  Index start = 0;
  for (std::size_t t = 0; t < counts.size(); ++t) {
    const Index going_on = t + 1 < counts.size() ? counts[t + 1] : 0;
    for (Index r = going_on; r < counts[t]; ++r)
      places[static_cast<std::size_t>(order[static_cast<std::size_t>(r)])] = start + r;
    start += counts[t];
  }
  return places;
}

std::vector<Index> PackedSteps::ranks() const {
  std::vector<Index> ranks(order.size());
  for (std::size_t k = 0; k < order.size(); ++k)
    ranks[static_cast<std::size_t>(order[k])] = static_cast<Index>(k);
  return ranks;
}

}  // namespace AGATE_NAMESPACE::nn
