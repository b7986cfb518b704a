#pragma once

#include <agate/graph/link_heuristics.hpp>
#include <agate/graph/neighbors.hpp>

namespace AGATE_NAMESPACE {

/// The heuristic katz, for pairs of nodes that exist.
std::vector<double> katz_scores(const Neighbors& linked, std::span<const Edge> pairs,
                                const KatzOptions& options, int threads);

}  // namespace AGATE_NAMESPACE
