#pragma once
/// \file
/// Eigen beside Tensor and SparseMatrix. Eigen crosses the boundary of the library as views only:
/// everything here is inline and compiled with the caller's own flags, because an owning Eigen
/// matrix that crosses between code built for different instruction sets corrupts the heap.

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <agate/core/error.hpp>
#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tensor.hpp>

namespace AGATE_NAMESPACE {

/// A dense Eigen matrix in the order of a Tensor.
using RowMajorMatrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A view of the tensor as rows() x cols(). It shares the elements and must not outlive them.
inline Eigen::Map<RowMajorMatrix> matrix(Tensor& t) { return {t.data(), t.rows(), t.cols()}; }
/// The same of a tensor that is not to be written to.
inline Eigen::Map<const RowMajorMatrix> matrix(const Tensor& t) {
  return {t.data(), t.rows(), t.cols()};
}

/// A copy of a dense Eigen matrix, expression or array.
template <class Derived>
Tensor to_tensor(const Eigen::DenseBase<Derived>& m) {
  Tensor t = Tensor::uninitialized({m.rows(), m.cols()});
  matrix(t) = m.derived().template cast<Real>().matrix();
  return t;
}

/// A copy of an Eigen sparse matrix of either order; entries that are stored as zero are kept.
template <class Scalar, int kOrder, class StorageIndex>
SparseMatrix to_sparse(const Eigen::SparseMatrix<Scalar, kOrder, StorageIndex>& m) {
  const Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex> rows(m);
  using Iterator =
      typename Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex>::InnerIterator;
  CsrArrays a{{0}, {}, {}};
  for (Eigen::Index i = 0; i < rows.outerSize(); ++i) {
    for (Iterator entry(rows, i); entry; ++entry) {
      a.columns.push_back(static_cast<NodeId>(entry.col()));
      a.values.push_back(static_cast<Real>(entry.value()));
    }
    a.offsets.push_back(static_cast<Index>(a.columns.size()));
  }
  return {m.rows(), m.cols(), std::move(a)};
}

}  // namespace AGATE_NAMESPACE
