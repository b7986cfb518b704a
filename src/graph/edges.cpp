#include <agate/core/error.hpp>
#include <agate/graph/edges.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {

bool has_edge(const Graph& graph, NodeId source, NodeId target) {
  const auto all = graph.sources();
  return std::binary_search(all.begin() + graph.offsets()[target],
                            all.begin() + graph.offsets()[target + 1], source);
}

std::vector<Edge> edge_list(const Graph& graph) {
  std::vector<Edge> edges(static_cast<std::size_t>(graph.num_edges()), Edge{-1, -1});
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p) {
      const Index id = graph.edge_ids()[p];
      const auto target = static_cast<NodeId>(i);
      if (id < 0) continue;
      edges[id] =
          graph.reversed()[p] ? Edge{target, graph.sources()[p]} : Edge{graph.sources()[p], target};
    }
  return edges;
}

Graph keep_edges(const Graph& graph, std::span<const Index> edge_ids) {
  const auto all = edge_list(graph);
  std::vector<Edge> kept;
  kept.reserve(edge_ids.size());
  for (std::size_t k = 0; k < edge_ids.size(); ++k) {
    const Index id = edge_ids[k];
    check(id >= 0 && id < std::ssize(all), ErrorCode::shape, "keep_edges: edge ", id,
          " is named, there are ", all.size());
    check(k == 0 || edge_ids[k - 1] < id, ErrorCode::shape,
          "keep_edges: the edges do not ascend at edge ", id);
    // In place of a loop that gave way any loop will do: it gives way again.
    kept.push_back(all[id].source < 0 ? Edge{0, 0} : all[id]);
  }
  if (graph.is_bipartite()) return Graph::bipartite(graph.num_sources(), graph.num_targets(), kept);
  const Index added = std::ranges::count(graph.edge_ids(), Index{-1});
  const bool replaced = added > 0 && added == graph.num_nodes();
  const Graph part = Graph::from_edges(
      graph.num_nodes(), kept, {.undirected = graph.is_undirected(), .self_loops = replaced});
  return added > 0 && !replaced ? part.with_remaining_self_loops() : part;
}

}  // namespace AGATE_NAMESPACE
