#pragma once
// What all that looks at pairs of nodes and at their common neighbours has in common.

#include <agate/graph/common_neighbors.hpp>
#include <agate/graph/neighbors.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {

/// Error(shape) for a pair with a node that does not exist.
void check_pairs(const char* name, const Graph& graph, std::span<const Edge> pairs);

/// What each node counts as a common neighbour.
std::vector<double> node_weights(const Neighbors& linked, NeighborWeight weight);

/// Calls visit(node) for the nodes in both of two ascending sets, ascending.
template <class Visit>
void for_shared(std::span<const NodeId> a, std::span<const NodeId> b, Visit visit) {
  constexpr std::size_t lopsided = 16;  // from here searching the larger set beats walking it
  if (a.size() > b.size()) std::swap(a, b);
  auto at = b.begin();
  for (const NodeId node : a) {
    if (b.size() / lopsided > a.size()) {
      at = std::lower_bound(at, b.end(), node);
    } else {
      while (at != b.end() && *at < node) ++at;
    }
    if (at == b.end()) return;
    if (*at == node) visit(node);
  }
}

}  // namespace AGATE_NAMESPACE
