#include <agate/graph/non_edges.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {

// Every node i has places 0, 1, ... for its partners: the nodes above it, or for ordered pairs all
// others. Those linked to it take some; the others are its pairs.

std::span<const NodeId> NonEdges::taken(Index i) const {
  const auto all = linked_->of(i);
  if (directed_) return all;
  const auto above = std::ranges::upper_bound(all, static_cast<NodeId>(i));
  return {above, all.end()};
}

Index NonEdges::place(Index i, NodeId j) const { return directed_ ? j - (j > i) : j - i - 1; }

NodeId NonEdges::node_at(Index i, Index place) const {
  return static_cast<NodeId>(directed_ ? place + (place >= i) : place + i + 1);
}

NonEdges::NonEdges(const Graph& graph, NonEdgeOptions options)
    : graph_(graph),
      linked_(options.directed ? &successors(graph_) : &neighbors(graph_)),
      directed_(options.directed),
      first_(static_cast<std::size_t>(graph.num_nodes()) + 1, 0) {
  const Index n = graph.num_nodes();
  for (Index i = 0; i < n; ++i)
    first_[i + 1] = first_[i] + n - 1 - (directed_ ? 0 : i) - std::ssize(taken(i));
}

void NonEdges::copy(Index begin, Index end, Edge* out) const {
  Index i = std::ranges::upper_bound(first_, begin) - first_.begin() - 1;
  for (; begin < end; ++i) {
    const auto links = taken(i);
    const auto free_before = [&](Index t) { return place(i, links[t]) - t; };
    // The first pair is found, those behind it follow.
    Index k = begin - first_[i], low = 0, high = std::ssize(links);
    while (low < high) {
      const Index middle = (low + high) / 2;
      free_before(middle) <= k ? low = middle + 1 : high = middle;
    }
    for (Index t = low; begin < end && begin < first_[i + 1]; ++begin, ++k) {
      while (t < std::ssize(links) && free_before(t) <= k) ++t;
      *out++ = {static_cast<NodeId>(i), node_at(i, k + t)};
    }
  }
}

}  // namespace AGATE_NAMESPACE
