#include "explain/pivot_layout.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

std::vector<int> hops_from(const Links& links, NodeId start) {
  std::vector<int> hops(static_cast<std::size_t>(links.num_nodes()), -1);
  std::vector<NodeId> queue{start};
  hops[start] = 0;
  for (std::size_t at = 0; at < queue.size(); ++at)
    for (NodeId end : links.of(queue[at]))
      if (hops[end] < 0) {
        hops[end] = hops[queue[at]] + 1;
        queue.push_back(end);
      }
  return hops;
}

// Squared hops to pivots, each pivot as far as possible from those before it.
Eigen::MatrixXd squared_hops(const Links& links, Index pivots) {
  const Index n = links.num_nodes();
  Eigen::MatrixXd squared(n, pivots);
  std::vector<int> nearest(static_cast<std::size_t>(n), static_cast<int>(n));
  NodeId pivot = 0;
  for (Index p = 0; p < pivots; ++p) {
    const std::vector<int> hops = hops_from(links, pivot);
    for (Index i = 0; i < n; ++i) {
      squared(i, p) = static_cast<double>(hops[i]) * hops[i];
      nearest[i] = std::min(nearest[i], hops[i]);
    }
    pivot = static_cast<NodeId>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());
  }
  return squared;
}

}  // namespace

std::vector<Place> pivot_layout(const Links& links) {
  const Index n = links.num_nodes();
  std::vector<Place> places(static_cast<std::size_t>(n));
  if (n < 2) return places;
  const Index pivots = std::min<Index>(n, 40);
  Eigen::MatrixXd centred = squared_hops(links, pivots);
  const Eigen::VectorXd of_rows = centred.rowwise().mean();
  const Eigen::RowVectorXd of_columns = centred.colwise().mean();
  const double of_all = centred.mean();
  centred.colwise() -= of_rows;
  centred.rowwise() -= of_columns;
  centred = -0.5 * (centred.array() + of_all).matrix();

  const Eigen::MatrixXd inner = centred.transpose() * centred;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(inner);
  for (Index axis = 0; axis < 2; ++axis) {
    const Index which = pivots - 1 - axis;
    const double value = solver.eigenvalues()[which];
    if (value <= 1e-9) continue;
    // Eigenvalues of the inner product are fourth powers of lengths, up to the share of pivots.
    const double scale =
        std::pow(static_cast<double>(n) / (static_cast<double>(pivots) * value), 0.25);
    const Eigen::VectorXd column = centred * solver.eigenvectors().col(which) * scale;
    for (Index i = 0; i < n; ++i) (axis == 0 ? places[i].x : places[i].y) = column[i];
  }
  return places;
}

}  // namespace AGATE_NAMESPACE::explain
