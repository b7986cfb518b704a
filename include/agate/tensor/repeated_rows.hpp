#pragma once
/// \file
/// Rows of which many are equal, worked on once each: the atoms of molecules are of a hundred kinds
/// where a batch has thousands.

#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tape.hpp>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// Classes of equal rows, numbered in the order in which they first appear.
struct RowClasses {
  std::vector<Index> of;     ///< of each row its class
  std::vector<Index> first;  ///< of each class the first of its rows

  Index rows() const { return std::ssize(of); }
  Index count() const { return std::ssize(first); }
};

/// The classes of the rows of x, equal where they hold the same bits, entry by entry where sparse.
/// Nothing when they are more than `most`, which is found out as soon as they are.
std::optional<RowClasses> equal_rows(const Tensor& x, Index most);
/// The same of sparse rows.
std::optional<RowClasses> equal_rows(const SparseMatrix& x, Index most);
/// The same of the pairs (a[k], b[k]). Error(shape) when a and b differ in length.
std::optional<RowClasses> equal_pairs(std::span<const Index> a, std::span<const Index> b,
                                      Index most);
/// The same of lists: list k is words[offsets[k]] .. words[offsets[k + 1] - 1]. Offsets are one
/// more than there are lists.
std::optional<RowClasses> equal_lists(std::span<const Index> offsets, std::span<const Index> words,
                                      Index most);

/// n rows, of which row i is distinct(classes->of[i]).
struct RepeatedRows {
  Var distinct;                               ///< one row for each class
  std::shared_ptr<const RowClasses> classes;  ///< never null

  Index rows() const { return classes->rows(); }
  Index cols() const { return distinct.cols(); }
  /// All n of them; their gradients are added in order. Error(shape) unless there are as many
  /// distinct rows as classes.
  Var all() const;
};

}  // namespace AGATE_NAMESPACE
