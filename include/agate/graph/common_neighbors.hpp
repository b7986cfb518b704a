#pragma once
/// \file
/// The common neighbours of pairs of nodes.

#include <agate/graph/graph.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// What a common neighbour of degree d counts, d being the number of its neighbours().
enum class NeighborWeight {
  one,                 ///< 1
  inverse_log_degree,  ///< 1 / log(d), and nothing for d = 1 (Adamic and Adar 2003)
  inverse_degree,      ///< 1 / d (Zhou, Lu and Zhang 2009)
};

/// Compressed sparse rows: pair p has the common neighbours offsets[p] .. offsets[p + 1] - 1.
struct CommonNeighbors {
  std::vector<Index> offsets;   ///< pairs + 1
  std::vector<NodeId> nodes;    ///< of each pair ascending
  std::vector<double> weights;  ///< one per entry of nodes
};

/// The nodes linked to both nodes of each pair, whichever way the edges run; loops and duplicates
/// do not count. Whether the two nodes of a pair are linked themselves changes nothing in its row,
/// neither a node nor a weight: a decoder that is trained on the edges of the graph does not see
/// the edge that it is asked for. (The other edges asked for in the same step it does see.)
///
/// Time grows with the smaller degrees of the pairs, memory with what is found. Does not depend on
/// the number of threads. Error(shape) for a pair with a node that does not exist,
/// Error(unsupported) for a bipartite graph.
CommonNeighbors common_neighbors(const Graph& graph, std::span<const Edge> pairs,
                                 NeighborWeight weight = NeighborWeight::one, int threads = 0);

}  // namespace AGATE_NAMESPACE
