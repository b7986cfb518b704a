#pragma once
/// \file
/// Datasets that pack several graphs: some of their graphs as datasets of their own, which is what
/// mini-batches are.

#include <agate/data/dataset.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// Some graphs of a dataset.
struct GraphPart {
  Dataset dataset;           ///< without the splits; node k is node nodes[k] of the whole
  std::vector<Index> nodes;  ///< graph by graph, ascending in each

  /// Where those of the nodes named (of the whole, ascending) that are in this part stand in it;
  /// ascending.
  std::vector<Index> rows_of(std::span<const Index> named) const;
};

/// The graphs named, packed in this order, with all that is known of them, of their nodes and their
/// edges, in time proportional to their size. Items are nodes, or the graphs themselves in this
/// order, and keep their groups and rows in the source. A graph may be named again. Error(shape)
/// for a graph that does not exist, Error(unsupported) where the items are edges or pairs.
GraphPart select_graphs(const Dataset& dataset, std::span<const Index> graphs);

/// The graphs that hold at least one of the nodes named, which ascend; ascending. Error(shape) for
/// a node that does not exist.
std::vector<Index> graphs_of(const Dataset& dataset, std::span<const Index> nodes);

}  // namespace AGATE_NAMESPACE::data
