#include <Spectra/SymEigsSolver.h>
#include <Eigen/Dense>
#include <agate/core/error.hpp>
#include <agate/data/encodings.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index dense_below = 300;   // a full decomposition is faster there, and finds everything
constexpr Index most_dense = 4'000;  // some 30 seconds
constexpr Index most_entries = Index{1} << 29;  // of the Krylov basis: 4 GiB
constexpr double deflation = 3;  // moves a trivial eigenvalue from 1 to -2, below all others

/// The symmetric multigraph of the nodes that have a neighbour, renumbered.
struct Neighbours {
  std::vector<NodeId> nodes;      // the number in the graph
  std::vector<Index> offsets{0};  // neighbours in compressed rows
  std::vector<NodeId> columns;
  std::vector<double> root_degree;
  std::vector<NodeId> component;
  std::vector<double> component_root;  // per component the root of its sum of degrees

  Index size() const { return std::ssize(nodes); }
};

void add_rows(const Graph& graph, Neighbours& of) {
  const auto* reverse = graph.is_undirected() ? nullptr : &graph.by_source();
  std::vector<NodeId> number(static_cast<std::size_t>(graph.num_nodes()), -1);
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      if (graph.sources()[p] != i) of.columns.push_back(graph.sources()[p]);
    if (reverse)
      for (Index p = reverse->offsets[i]; p < reverse->offsets[i + 1]; ++p)
        if (reverse->targets[p] != i) of.columns.push_back(reverse->targets[p]);
    const Index degree = std::ssize(of.columns) - of.offsets.back();
    if (degree == 0) continue;
    number[i] = static_cast<NodeId>(of.nodes.size());
    of.nodes.push_back(static_cast<NodeId>(i));
    of.offsets.push_back(std::ssize(of.columns));
    of.root_degree.push_back(std::sqrt(static_cast<double>(degree)));
  }
  for (NodeId& column : of.columns) column = number[column];
}

void find_components(Neighbours& of) {
  of.component.assign(of.nodes.size(), -1);
  std::vector<NodeId> waiting;
  for (NodeId start = 0; start < of.size(); ++start) {
    if (of.component[start] >= 0) continue;
    const auto number = static_cast<NodeId>(of.component_root.size());
    of.component[start] = number;
    waiting.push_back(start);
    double degrees = 0;
    while (!waiting.empty()) {
      const NodeId i = waiting.back();
      waiting.pop_back();
      degrees += static_cast<double>(of.offsets[i + 1] - of.offsets[i]);
      for (Index p = of.offsets[i]; p < of.offsets[i + 1]; ++p) {
        const NodeId j = of.columns[p];
        if (of.component[j] >= 0) continue;
        of.component[j] = number;
        waiting.push_back(j);
      }
    }
    of.component_root.push_back(std::sqrt(degrees));
  }
}

/// x -> (D^-1/2 A D^-1/2 - deflation * sum of t t') x over the trivial eigenvectors t. The trivial
/// eigenvalue has as many eigenvectors as there are components; taking them out beforehand is
/// exact, where telling them apart afterwards would depend on rounding.
class Deflated {
 public:
  using Scalar = double;  // a name that Spectra asks for
  explicit Deflated(const Neighbours& of) : of_(of) {}
  Eigen::Index rows() const { return of_.size(); }
  Eigen::Index cols() const { return of_.size(); }
  double trivial(Index i) const {
    return of_.root_degree[i] / of_.component_root[of_.component[i]];
  }
  void perform_op(const double* x, double* y) const {
    std::vector<double> along(of_.component_root.size(), 0);
    for (Index i = 0; i < of_.size(); ++i) along[of_.component[i]] += trivial(i) * x[i];
    for (Index i = 0; i < of_.size(); ++i) {
      double sum = 0;
      for (Index p = of_.offsets[i]; p < of_.offsets[i + 1]; ++p)
        sum += x[of_.columns[p]] / of_.root_degree[of_.columns[p]];
      y[i] = sum / of_.root_degree[i] - deflation * along[of_.component[i]] * trivial(i);
    }
  }

 private:
  const Neighbours& of_;
};

Eigen::MatrixXd dense_eigenvectors(const Deflated& matrix, Index k) {
  const Index n = matrix.rows();
  check(n <= most_dense, ErrorCode::limit, "spectral encoding: ", k, " eigenvectors of ", n,
        " nodes are too many; ask for fewer");
  Eigen::MatrixXd dense(n, n);
  for (Index j = 0; j < n; ++j) {
    const Eigen::VectorXd unit = Eigen::VectorXd::Unit(n, j);
    matrix.perform_op(unit.data(), dense.col(j).data());
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense);
  return solver.eigenvectors().rightCols(k).rowwise().reverse();
}

Eigen::MatrixXd leading_eigenvectors(Deflated& matrix, Index k) {
  const Index n = matrix.rows();
  const Index basis = std::max<Index>(2 * k + 10, 80);
  if (n <= dense_below || basis >= n) return dense_eigenvectors(matrix, k);
  check(checked_product(n, basis, "spectral encoding") <= most_entries, ErrorCode::limit,
        "spectral encoding: ", k, " eigenvectors of ", n, " nodes need more than 4 GiB");
  Spectra::SymEigsSolver<Deflated> solver(matrix, k, basis);
  solver.init();  // from a fixed start
  const Index found = solver.compute(Spectra::SortRule::LargestAlge, 600, 1e-9);
  check(found >= k, ErrorCode::limit, "spectral encoding: only ", found, " of ", k,
        " eigenvectors converged; long, thin graphs may have none that can be told apart");
  return solver.eigenvectors(k);
}

/// +1 or -1, so that the largest entry becomes positive. Entries of equal magnitude differ by
/// rounding, so the first of them decides.
double sign_of(const Eigen::VectorXd& vector) {
  const double nearly = vector.cwiseAbs().maxCoeff() * (1 - 1e-6);
  for (Index i = 0; i < vector.size(); ++i)
    if (std::abs(vector[i]) >= nearly) return vector[i] < 0 ? -1 : 1;
  return 1;
}

}  // namespace

Tensor spectral_encoding(const Graph& graph, int k) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "structural encodings: the graph is bipartite, they are defined for one set of nodes");
  check(k > 0, ErrorCode::value, "spectral encoding: ", k, " eigenvectors, at least 1 is needed");
  checked_product(graph.num_nodes(), k, "spectral encoding");
  Tensor out = Tensor::zeros({graph.num_nodes(), k});
  Neighbours of;
  add_rows(graph, of);
  find_components(of);
  const Index found = std::min<Index>(k, of.size() - std::ssize(of.component_root));
  if (found == 0) return out;
  Deflated matrix(of);
  const Eigen::MatrixXd vectors = leading_eigenvectors(matrix, found);
  for (Index c = 0; c < found; ++c) {
    const Eigen::VectorXd vector = vectors.col(c);
    const double scale =
        sign_of(vector) * std::sqrt(static_cast<double>(graph.num_nodes())) / vector.norm();
    for (Index i = 0; i < of.size(); ++i)
      out.row(of.nodes[i])[c] = static_cast<Real>(vector[i] * scale);
  }
  return out;
}

}  // namespace AGATE_NAMESPACE::data
