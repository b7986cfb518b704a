#include <agate/nn/common_neighbors.hpp>

namespace AGATE_NAMESPACE::nn {

SparseMatrix common_neighbor_matrix(const Graph& graph, std::span<const Edge> pairs,
                                    NeighborWeight weight, int threads) {
  CommonNeighbors common = common_neighbors(graph, pairs, weight, threads);
  std::vector<Real> values(common.weights.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<Real>(common.weights[k]);
  return SparseMatrix(std::ssize(pairs), graph.num_nodes(),
                      {std::move(common.offsets), std::move(common.nodes), std::move(values)});
}

}  // namespace AGATE_NAMESPACE::nn
