#include <agate/data/reverse_edges.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {

Dataset add_reverse_edges(Dataset d) {
  const Index edges = std::ssize(d.pairs), own = d.num_edge_features();
  if (d.task != Task::edge || d.graph.is_undirected() || d.graph.num_edges() != edges) return d;
  std::vector<Edge> both(d.pairs);
  for (const auto& [source, target] : d.pairs) both.push_back({target, source});
  Tensor attr = Tensor::zeros({2 * edges, own + 1});
  for (Index e = 0; e < 2 * edges; ++e) {
    if (own > 0) std::copy_n(d.edge_attr.row(e % edges), own, attr.row(e));
    attr.row(e)[own] = e < edges ? Real(0) : Real(1);
  }
  d.graph = Graph::from_edges(d.num_nodes(), both);
  d.edge_attr = std::move(attr);
  return d;
}

}  // namespace AGATE_NAMESPACE::data
