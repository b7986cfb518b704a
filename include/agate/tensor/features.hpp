#pragma once
/// \file
/// What is known of each node: a FeatureMatrix, and on a tape the Features that a first layer
/// takes.

#include <agate/tensor/dropout.hpp>
#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tape.hpp>
#include <agate/tensor/tensor.hpp>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace AGATE_NAMESPACE {

/// Dense (a Tensor of two dimensions) or sparse. Sparse features are never densified.
using FeatureMatrix = std::variant<Tensor, SparseMatrix>;

/// Rows of either kind.
inline Index rows(const FeatureMatrix& x) {
  return std::visit([](const auto& m) { return m.rows(); }, x);
}
/// Columns of either kind.
inline Index cols(const FeatureMatrix& x) {
  return std::visit([](const auto& m) { return m.cols(); }, x);
}
/// The rows named, in the order named. Error(shape) for a row that does not exist.
FeatureMatrix select_rows(const FeatureMatrix& x, std::span<const Index> rows);

/// Node features on a tape: a Var (any layer's output), or a constant sparse matrix. Dropout of
/// sparse features, and dropout with a mask of its own for each group of outputs (each head of a
/// GAT layer), is remembered here and applied by linear(), which never stores the dropped features.
class Features {
 public:
  Features(const Var& dense) : tape_(&dense.tape()), dense_(dense) {}
  Features(Tape& tape, SparseMatrix sparse) : tape_(&tape), sparse_(std::move(sparse)) {}
  Features(Tape& tape, const FeatureMatrix& x);

  Tape& tape() const { return *tape_; }
  bool is_sparse() const { return !dense_.has_value(); }
  const Var& dense() const { return *dense_; }
  const SparseMatrix& sparse() const { return sparse_; }
  Index rows() const { return dense_ ? dense_->rows() : sparse_.rows(); }
  Index cols() const { return dense_ ? dense_->cols() : sparse_.cols(); }
  /// Masks yet to be applied: none, one for all outputs, or one per group of outputs.
  const std::vector<DropoutMask>& masks() const { return masks_; }

 private:
  friend Features dropout(const Features& x, Real p, Index groups);
  Tape* tape_;
  std::optional<Var> dense_;
  SparseMatrix sparse_;
  std::vector<DropoutMask> masks_;
};

/// Dropout of features; only the non-zeros of sparse ones are drawn for. With groups > 1 each of so
/// many equal groups of outputs of the following linear() sees a mask of its own.
/// Error(unsupported) when x already waits for a dropout.
Features dropout(const Features& x, Real p, Index groups = 1);

}  // namespace AGATE_NAMESPACE
