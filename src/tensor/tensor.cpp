#include <agate/core/error.hpp>
#include <agate/tensor/tensor.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {

Shape::Shape(std::initializer_list<Index> extents)
    : Shape(std::span<const Index>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const Index> extents) : rank_(static_cast<int>(extents.size())) {
  check(extents.size() <= 4, ErrorCode::shape, "Shape: ", extents.size(),
        " dimensions, at most 4 are supported");
  std::copy(extents.begin(), extents.end(), extents_.begin());
  for (Index e : extents) check(e >= 0, ErrorCode::shape, "Shape: extent ", e, " is negative");
}

Index Shape::size() const {
  Index size = 1;
  for (Index e : extents()) size = checked_product(size, e, "Shape");
  return size;
}

std::string Shape::to_string() const {
  if (rank_ == 0) return "scalar";
  std::string text = std::to_string(extents_[0]);
  for (Index e : extents().subspan(1)) text += " x " + std::to_string(e);
  return text;
}

Tensor Tensor::uninitialized(Shape shape, MemoryPool* pool) {
  Tensor t;
  t.shape_ = shape;
  t.size_ = shape.size();
  const auto bytes = static_cast<std::size_t>(
      checked_product(t.size_, static_cast<Index>(sizeof(Real)), "Tensor"));
  t.block_ = pool ? pool->allocate(bytes) : allocate_block(bytes);
  t.data_ = reinterpret_cast<Real*>(t.block_.get());
  return t;
}

Tensor Tensor::zeros(Shape shape, MemoryPool* pool) { return full(shape, 0, pool); }

Tensor Tensor::full(Shape shape, Real value, MemoryPool* pool) {
  Tensor t = uninitialized(shape, pool);
  t.fill(value);
  return t;
}

Tensor Tensor::from(Shape shape, std::span<const Real> values) {
  check(shape.size() == static_cast<Index>(values.size()), ErrorCode::shape,
        "Tensor: ", values.size(), " values for the shape ", shape.to_string());
  Tensor t = uninitialized(shape);
  std::copy(values.begin(), values.end(), t.data_);
  return t;
}

Tensor Tensor::from(Shape shape, std::initializer_list<Real> values) {
  return from(shape, std::span<const Real>(values.begin(), values.size()));
}

Index Tensor::rows() const {
  Index rows = 1;
  for (int axis = 0; axis + 1 < shape_.rank(); ++axis) rows *= shape_[axis];
  return rows;
}

Real Tensor::item() const {
  check(size_ == 1, ErrorCode::shape, "Tensor: item() of a tensor of shape ", shape_.to_string());
  return data_[0];
}

Tensor Tensor::clone(MemoryPool* pool) const {
  Tensor t = uninitialized(shape_, pool);
  std::copy_n(data_, size_, t.data_);
  return t;
}

Tensor Tensor::reshape(Shape shape) const {
  check(shape.size() == size_, ErrorCode::shape, "Tensor: shape ", shape_.to_string(),
        " cannot become ", shape.to_string());
  Tensor t = *this;
  t.shape_ = shape;
  return t;
}

void Tensor::fill(Real value) { std::fill_n(data_, size_, value); }

void Tensor::copy_from(const Tensor& other) {
  check(shape_ == other.shape_, ErrorCode::shape, "Tensor: cannot copy ", other.shape_.to_string(),
        " into ", shape_.to_string());
  std::copy_n(other.data_, size_, data_);
}

}  // namespace AGATE_NAMESPACE
