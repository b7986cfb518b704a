#pragma once
/// \file
/// Array: a named block of numbers as files hold it, before it becomes tensors, labels or indices.

#include <agate/core/config.hpp>
#include <agate/tensor/tensor.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// What an element is: floats, signed and unsigned integers of so many bits, booleans.
enum class DType { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

/// Bytes of an element.
std::size_t item_size(DType type);
std::string to_string(DType type);  ///< safetensors' spelling: "F32", "I64", "BOOL", ...

/// Elements in C order, little-endian, `bytes.size() == item_size(type) * product of shape`.
struct Array {
  DType type = DType::f32;
  std::vector<Index> shape;
  std::string bytes;

  Index size() const;  ///< product of shape; Error(limit) on overflow
  /// The elements converted. `what` names the array in errors. as_tensor accepts floats, integers
  /// and booleans (Error(shape) for more than 4 dimensions); as_indices accepts integers and
  /// booleans, Error(format) for others and for u64 beyond 2^63 - 1.
  Tensor as_tensor(const std::string& what) const;
  /// The elements as integers; see as_tensor().
  std::vector<Index> as_indices(const std::string& what) const;

  static Array from(const Tensor& tensor);              ///< as f32, or f64 where Real is double
  static Array from(const std::vector<Index>& values);  ///< as i64, one dimension
};

}  // namespace AGATE_NAMESPACE::io
