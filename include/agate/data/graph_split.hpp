#pragma once
/// \file
/// Splits of datasets that pack several graphs: whole graphs to train on and others to test on.

#include <agate/data/dataset.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// The labelled items of the graphs named (Dataset::graph_ids, or the numbers of graphs that have
/// no names); a pair is of the graph of its nodes. Where no graph is named to validate on, a fifth
/// of the items to train on does that, drawn by the seed: the same on every machine.
/// Error(not_found) for a graph that is not there, Error(usage) for one that is named twice,
/// Error(value) where a part that names graphs has no labelled item.
Split split_by_graphs(const Dataset& dataset, const std::vector<std::string>& train,
                      const std::vector<std::string>& val, const std::vector<std::string>& test,
                      std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::data
