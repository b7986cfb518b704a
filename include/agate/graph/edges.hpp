#pragma once
/// \file
/// The caller's edges of a graph: as a list, one looked up, some of them kept. A Graph is
/// immutable: all functions may run in any number of threads.

#include <agate/graph/graph.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// Whether a message runs from `source` to `target`, both of which exist: an undirected edge runs
/// both ways. Logarithmic in the number of messages of `target`.
bool has_edge(const Graph& graph, NodeId source, NodeId target);

/// The edges as the caller gave them, edge id by edge id. A loop that gave way to the library's own
/// (GraphOptions::self_loops) is not known any more and stands as {-1, -1}.
std::vector<Edge> edge_list(const Graph& graph);

/// The edges named, whose ids become 0, 1, ... in their order, among all the nodes; an undirected
/// edge keeps or loses both of its messages. Where the library gave loops to the nodes each node
/// has one again. Error(shape) unless the edges exist and ascend.
Graph keep_edges(const Graph& graph, std::span<const Index> edge_ids);

}  // namespace AGATE_NAMESPACE
