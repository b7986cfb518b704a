#include <agate/tensor/features.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/sparse.hpp>
#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace agate;

namespace {

// 0 2 0 3
// 0 0 0 0
// 1 0 4 5, its 5 written as 2 + 3
SparseMatrix example_matrix() {
  return {3, 4, {{0, 2, 2, 6}, {1, 3, 3, 0, 2, 3}, {2, 3, 2, 1, 4, 3}}};
}
std::vector<Real> dense(const SparseMatrix& m) {
  const Tensor t = m.to_dense();
  return {t.values().begin(), t.values().end()};
}

}  // namespace

TEST_CASE("a sparse matrix is its entries, repeated ones added up") {
  const SparseMatrix m = example_matrix();
  CHECK(m.rows() == 3);
  CHECK(m.cols() == 4);
  CHECK(m.nonzeros() == 6);
  CHECK(m.to_dense().shape() == Shape{3, 4});
  CHECK(dense(m) == std::vector<Real>{0, 2, 0, 3, 0, 0, 0, 0, 1, 0, 4, 5});
  const SparseMatrix none;
  CHECK(none.rows() == 0);
  CHECK(none.cols() == 0);
  CHECK(none.transpose().offsets == std::vector<Index>{0});
  const FeatureMatrix features = m;
  CHECK(rows(features) == 3);
  CHECK(cols(features) == 4);
}

TEST_CASE("the transpose lists rows by column, built once for all threads and copies") {
  const SparseMatrix m = example_matrix();
  const SparseMatrix::Transpose& t = m.transpose();
  CHECK(t.offsets == std::vector<Index>{0, 1, 2, 3, 6});
  CHECK(t.rows == std::vector<NodeId>{2, 0, 2, 0, 2, 2});
  CHECK(t.positions == std::vector<Index>{3, 0, 4, 1, 2, 5});

  const SparseMatrix fresh = example_matrix();
  std::vector<const SparseMatrix::Transpose*> seen(8);
  std::vector<std::thread> team;
  for (auto& slot : seen) team.emplace_back([&slot, copy = fresh] { slot = &copy.transpose(); });
  for (auto& thread : team) thread.join();
  for (const auto* object : seen) CHECK(object == &fresh.transpose());
}

TEST_CASE("a clone holds the same entries, and builds its own transpose") {
  const SparseMatrix m = example_matrix(), copy = m.clone();
  CHECK(dense(copy) == dense(m));
  CHECK(&copy.transpose() != &m.transpose());
}

TEST_CASE("normalized rows sum to one, and a row without a sum stays") {
  const SparseMatrix m(3, 2, {{0, 2, 2, 4}, {0, 1, 0, 1}, {1, 3, -2, 2}});
  CHECK(dense(m.normalize_rows()) == std::vector<Real>{Real(0.25), Real(0.75), 0, 0, -2, 2});
  CHECK(dense(m) == std::vector<Real>{1, 3, 0, 0, -2, 2});
}

TEST_CASE("arrays that describe no matrix are refused") {
  auto refused = [](Index rows, Index cols, CsrArrays arrays) {
    return refusal([&] { SparseMatrix(rows, cols, std::move(arrays)); });
  };
  CHECK(refused(2, 2, {{0, 1}, {0}, {1}}).says("2 offsets, 1 columns and 1 values"));
  CHECK(refused(1, 2, {{0, 1}, {0}, {}}).code == ErrorCode::shape);
  CHECK(refused(1, 2, {{1, 1}, {0}, {1}}).code == ErrorCode::shape);
  CHECK(refused(1, 2, {{0, 2}, {0}, {1}}).code == ErrorCode::shape);
  CHECK(refused(0, 2, {{}, {}, {}}).code == ErrorCode::shape);
  CHECK(refused(3, 2, {{0, 2, 1, 2}, {0, 1}, {1, 1}}).says("offset 2 is smaller"));
  CHECK(refused(1, 2, {{0, 1}, {2}, {1}}).says("column 2 of 2"));
  CHECK(refused(1, 2, {{0, 1}, {-1}, {1}}).says("column -1"));
  const Index most = std::numeric_limits<NodeId>::max();
  CHECK(refused(-1, 2, {{}, {}, {}}).code == ErrorCode::limit);
  CHECK(refused(0, most + 1, {{0}, {}, {}}).code == ErrorCode::limit);
}

TEST_CASE("rows are picked, dense and sparse, in the order named") {
  const SparseMatrix sparse(3, 2, {{0, 1, 1, 3}, {1, 0, 1}, {4, 5, 6}});
  const std::vector<Index> rows{2, 0, 2, 1};
  const Tensor picked = select_rows(sparse.to_dense(), rows);
  CHECK(std::ranges::equal(picked.values(), std::vector<Real>{5, 6, 0, 4, 5, 6, 0, 0}));
  CHECK(std::ranges::equal(sparse.select_rows(rows).to_dense().values(), picked.values()));
  for (const FeatureMatrix& x : {FeatureMatrix(sparse), FeatureMatrix(sparse.to_dense())}) {
    CHECK(agate::rows(select_rows(x, rows)) == 4);
    CHECK(refusal([&] { select_rows(x, std::vector<Index>{3}); }).says("row 3 of 3"));
  }
}
