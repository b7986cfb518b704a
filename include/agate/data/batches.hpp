#pragma once
/// \file
/// A dataset of several graphs, some of them at a time.

#include <agate/core/parallel.hpp>
#include <agate/data/packed.hpp>

namespace AGATE_NAMESPACE::data {

/// Calls visit(k, part) for what select_graphs makes of batches[k], k = 0, 1, ..., until it returns
/// false; a part lives as long as its visit. While one is visited, a thread that has nothing to do
/// packs the next, so the dataset must stay as it is; with `threads` = 1 (0: all), as many as the
/// loops of the visitor use, all is done in turn, and no more threads are started than they need.
/// Errors of select_graphs, each after the visits of the batches before it, and the visitor's own.
void visit_batches(const Dataset& dataset, std::span<const std::vector<Index>> batches, int threads,
                   FunctionRef<bool(Index k, const GraphPart& part)> visit);

}  // namespace AGATE_NAMESPACE::data
