#pragma once
/// \file
/// SparseMatrix: an immutable matrix in compressed sparse rows, with its transpose at hand.

#include <agate/core/config.hpp>
#include <agate/tensor/tensor.hpp>
#include <memory>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// Compressed sparse rows. Row i holds the entries offsets[i] .. offsets[i + 1] - 1.
struct CsrArrays {
  std::vector<Index> offsets;   ///< rows + 1, starting at 0, never falling
  std::vector<NodeId> columns;  ///< one per entry
  std::vector<Real> values;     ///< one per entry
};

/// Bag-of-words features and normalised adjacencies. Copies share the same arrays; the object is
/// immutable and may be used by many threads. Entries may be zero; a column may repeat in a row
/// (the entries then add up).
class SparseMatrix {
 public:
  SparseMatrix() : SparseMatrix(0, 0, {{0}, {}, {}}) {}
  /// Error(shape) when the arrays do not describe a rows x cols matrix.
  SparseMatrix(Index rows, Index cols, CsrArrays arrays);

  Index rows() const { return data_->rows; }
  Index cols() const { return data_->cols; }
  Index nonzeros() const { return static_cast<Index>(data_->arrays.columns.size()); }
  std::span<const Index> offsets() const { return data_->arrays.offsets; }
  std::span<const NodeId> columns() const { return data_->arrays.columns; }
  std::span<const Real> values() const { return data_->arrays.values; }

  /// The same entries by column: for each column the rows, ascending, and the position that the
  /// entry has in the arrays above. Built on first use, once, whatever the number of threads.
  struct Transpose {
    std::vector<Index> offsets;    ///< cols + 1
    std::vector<NodeId> rows;      ///< one per entry
    std::vector<Index> positions;  ///< one per entry
  };
  const Transpose& transpose() const;

  /// The same entries in arrays of its own, without what was built from this one.
  SparseMatrix clone() const;
  Tensor to_dense() const;
  /// Each row divided by its sum; rows that sum to 0 stay as they are.
  SparseMatrix normalize_rows() const;
  /// The rows named, in the order named. Error(shape) for a row that does not exist.
  SparseMatrix select_rows(std::span<const Index> rows) const;

 private:
  struct Data;
  struct Lazy;
  struct Data {
    Index rows, cols;
    CsrArrays arrays;
    std::shared_ptr<Lazy> lazy;
  };
  std::shared_ptr<const Data> data_;
};

}  // namespace AGATE_NAMESPACE
