#pragma once
// Which rows a readout by attention looks at.

#include <agate/attention/support.hpp>

namespace AGATE_NAMESPACE::nn {

// `seeds` queries for each graph, which see its nodes. Error(shape) unless the graphs, offsets[b]
// to offsets[b + 1] - 1, are all of the `rows` nodes, Error(value) when offsets fall.
Support seeds_support(const char* readout, Index rows, std::span<const Index> offsets, Index seeds);

// `seeds` rows for each of so many graphs.
std::vector<Index> seed_offsets(Index graphs, Index seeds);

}  // namespace AGATE_NAMESPACE::nn
