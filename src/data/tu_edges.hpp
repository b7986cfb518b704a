#pragma once
// The edges of a TU folder.

#include <agate/graph/graph.hpp>
#include <vector>

#include "data/tu_rows.hpp"

namespace AGATE_NAMESPACE::data {

struct TuEdges {
  std::vector<Edge> edges;   ///< by ascending graph, in each in the order of the file
  std::vector<Index> lines;  ///< where each stands in it
  bool undirected = false;
};

/// The edges that NAME_A lists, of which `known` says what is known; `graphs` holds in its one
/// column the graph of each node.
TuEdges read_tu_edges(const NumberRows<Index>& listed, const TuRows& known,
                      const NumberRows<Index>& graphs);

}  // namespace AGATE_NAMESPACE::data
