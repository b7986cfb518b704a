#include <agate/core/error.hpp>
#include <agate/graph/neighbors.hpp>
#include <algorithm>
#include <iterator>

namespace AGATE_NAMESPACE {
namespace {

/// The nodes that send to node i or that it sends to, ascending, as often as there are messages.
struct Senders {
  const Graph& graph;
  std::span<const NodeId> of(Index i) const {
    return graph.sources().subspan(graph.offsets()[i], graph.in_degree(i));
  }
};
struct Receivers {
  const Graph::BySource& by_source;
  std::span<const NodeId> of(Index i) const {
    return std::span(by_source.targets)
        .subspan(by_source.offsets[i], by_source.offsets[i + 1] - by_source.offsets[i]);
  }
};

/// Calls append(i, the end of `nodes`) node by node and makes sets of what it appends.
template <class Append>
Neighbors collect(const Graph& graph, Append append) {
  Neighbors sets;
  sets.offsets.assign(1, 0);
  sets.offsets.reserve(static_cast<std::size_t>(graph.num_nodes()) + 1);
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    append(i, std::back_inserter(sets.nodes));
    const auto begin = sets.nodes.begin() + sets.offsets.back();
    auto end = std::unique(begin, sets.nodes.end());
    end = std::remove(begin, end, static_cast<NodeId>(i));
    sets.nodes.erase(end, sets.nodes.end());
    sets.offsets.push_back(std::ssize(sets.nodes));
  }
  return sets;
}

void check_one_set(const char* name, const Graph& graph) {
  check(!graph.is_bipartite(), ErrorCode::unsupported, name,
        ": the graph is bipartite, expected one set of nodes");
}

}  // namespace

const Neighbors& neighbors(const Graph& graph) {
  check_one_set("neighbors", graph);
  return graph.derived<Neighbors>("neighbors", [](const Graph& g) {
    const Senders senders{g};
    if (g.is_undirected())
      return collect(g, [&](Index i, auto out) { std::ranges::copy(senders.of(i), out); });
    const Receivers receivers{g.by_source()};
    return collect(
        g, [&](Index i, auto out) { std::ranges::merge(senders.of(i), receivers.of(i), out); });
  });
}

const Neighbors& successors(const Graph& graph) {
  check_one_set("successors", graph);
  if (graph.is_undirected()) return neighbors(graph);
  return graph.derived<Neighbors>("successors", [](const Graph& g) {
    const Receivers receivers{g.by_source()};
    return collect(g, [&](Index i, auto out) { std::ranges::copy(receivers.of(i), out); });
  });
}

}  // namespace AGATE_NAMESPACE
