#include <agate/graph/eigen.hpp>
#include <agate/tensor/eigen.hpp>
#include <vector>

#include "catch.hpp"

using namespace agate;

TEST_CASE("a graph from an Eigen adjacency matrix") {
  Eigen::SparseMatrix<double> a(3, 3);
  a.insert(0, 2) = 1;
  a.insert(1, 0) = 2;
  a.insert(2, 2) = 0;
  const Graph g = graph::from_eigen(a);
  CHECK(g.num_edges() == 2);
  CHECK(g.in_degree(0) == 1);
  CHECK(g.sources()[0] == 1);
  CHECK(g.sources()[1] == 0);
  CHECK(graph::from_eigen(a, {.undirected = true}).num_messages() == 4);
  CHECK(refusal([&] { graph::from_eigen(Eigen::SparseMatrix<float>(2, 3)); }).says("2 x 3"));
}

TEST_CASE("tensors are seen as Eigen matrices without a copy, and made from them") {
  Tensor t = Tensor::from({2, 3}, {1, 2, 3, 4, 5, 6});
  matrix(t)(1, 0) = 7;
  CHECK(t.row(1)[0] == 7);
  CHECK(matrix(t).sum() == 24);
  Eigen::MatrixXd m(2, 2);
  m << 1, 2, 3, 4;
  const Tensor copy = to_tensor(m.transpose());
  CHECK(copy.row(0)[1] == 3);
  CHECK(copy.row(1)[0] == 2);
}

TEST_CASE("sparse features from Eigen matrices of either order") {
  Eigen::SparseMatrix<float> m(2, 4);
  m.insert(1, 0) = 5;
  m.insert(0, 3) = 2;
  const SparseMatrix s = to_sparse(m);
  CHECK(s.nonzeros() == 2);
  CHECK(s.to_dense().row(0)[3] == 2);
  CHECK(s.to_dense().row(1)[0] == 5);
}
