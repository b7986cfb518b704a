#pragma once
/// \file
/// Tensor: a shared, contiguous, row-major array of Real with up to 4 dimensions, 64-byte aligned.
///
/// Copying a Tensor shares its elements (as in torch); clone() copies them. Reading from several
/// threads is safe; writing needs the caller's own care. Memory is allocated and freed inside the
/// library. For Eigen views see agate/tensor/eigen.hpp.

#include <agate/core/config.hpp>
#include <agate/core/memory.hpp>
#include <array>
#include <initializer_list>
#include <span>
#include <string>

namespace AGATE_NAMESPACE {

/// Up to four extents, none negative. Shape{} is a scalar: one element.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<Index> extents);  ///< Error(shape) when negative or more than 4
  explicit Shape(std::span<const Index> extents);

  int rank() const { return rank_; }
  Index operator[](int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  std::span<const Index> extents() const { return {extents_.data(), std::size_t(rank_)}; }
  Index size() const;  ///< product of the extents; Error(limit) on overflow
  bool operator==(const Shape&) const = default;
  std::string to_string() const;  ///< for example "2708 x 1433"

 private:
  std::array<Index, 4> extents_{};
  int rank_ = 0;
};

/// A contiguous, row-major array of Real with up to 4 dimensions, 64-byte aligned. Copies share the
/// elements; see tensor.hpp.
class Tensor {
 public:
  /// No elements, shape (0).
  Tensor() : shape_{0} {}
  /// Elements of undefined value, from the pool if one is given.
  static Tensor uninitialized(Shape shape, MemoryPool* pool = nullptr);
  /// All elements 0.
  static Tensor zeros(Shape shape, MemoryPool* pool = nullptr);
  /// All elements `value`.
  static Tensor full(Shape shape, Real value, MemoryPool* pool = nullptr);
  /// One element, of rank 0.
  static Tensor scalar(Real value, MemoryPool* pool = nullptr) { return full({}, value, pool); }
  /// A copy of the values; Error(shape) unless there are shape.size() of them.
  static Tensor from(Shape shape, std::span<const Real> values);
  /// The same for values written out.
  static Tensor from(Shape shape, std::initializer_list<Real> values);

  const Shape& shape() const { return shape_; }
  Index size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool is_shared() const { return block_.use_count() > 1; }  ///< others see the same elements
  /// As a matrix: the last axis are the columns, all before it the rows. A scalar is 1 x 1.
  Index cols() const { return shape_.rank() == 0 ? 1 : shape_[shape_.rank() - 1]; }
  Index rows() const;

  const Real* data() const { return data_; }
  Real* data() { return data_; }
  std::span<const Real> values() const { return {data_, std::size_t(size_)}; }
  std::span<Real> values() { return {data_, std::size_t(size_)}; }
  /// Row i as a matrix: cols() elements.
  const Real* row(Index i) const { return data_ + i * cols(); }
  /// The same to write to.
  Real* row(Index i) { return data_ + i * cols(); }
  Real item() const;  ///< the only element; Error(shape) if there is not exactly one

  /// A copy of the elements, from the pool if one is given.
  Tensor clone(MemoryPool* pool = nullptr) const;
  /// The same elements under another shape of the same size.
  Tensor reshape(Shape shape) const;
  /// All elements become `value`.
  void fill(Real value);
  void copy_from(const Tensor& other);  ///< Error(shape) unless shapes agree

 private:
  Shape shape_;
  Index size_ = 0;
  Real* data_ = nullptr;
  std::shared_ptr<std::byte> block_;
};

}  // namespace AGATE_NAMESPACE
