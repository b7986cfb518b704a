#include "explain/roll_out.hpp"

#include <numeric>

namespace AGATE_NAMESPACE::explain {

void roll_back(const models::LayerAttention& layer, std::vector<double>& nodes,
               std::vector<double>& edges) {
  const auto& [graph, weights] = layer;
  std::vector<double> before(nodes.size());
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    const double own = nodes[static_cast<std::size_t>(i)];
    const Index begin = graph.offsets()[i], end = graph.offsets()[i + 1];
    before[static_cast<std::size_t>(i)] += begin == end ? own : own / 2;
    for (Index p = begin; p < end; ++p) {
      const Real* row = weights.row(p);
      const double mean =
          std::accumulate(row, row + weights.cols(), 0.0) / static_cast<double>(weights.cols());
      const double flow = own / 2 * mean;
      before[static_cast<std::size_t>(graph.sources()[p])] += flow;
      if (graph.edge_ids()[p] >= 0) edges[static_cast<std::size_t>(graph.edge_ids()[p])] += flow;
    }
  }
  nodes = std::move(before);
}

}  // namespace AGATE_NAMESPACE::explain
