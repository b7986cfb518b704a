#include <agate/core/error.hpp>
#include <agate/io/array.hpp>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "io/array_bytes.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

static_assert(std::endian::native == std::endian::little, "files hold little-endian elements");

struct Half {
  std::uint16_t bits;
  operator float() const {
    const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1F, fraction = bits & 0x3FF;
    if (exponent == 0) {
      const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
      return sign ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
  }
};

struct BrainFloat {
  std::uint16_t bits;
  operator float() const { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
};

/// A byte that files may fill with anything, so not a bool.
struct Boolean {
  std::uint8_t byte;
  operator int() const { return byte != 0; }
};

/// Calls action(T{}) for the C++ type of a DType.
template <class Action>
auto with_type(DType type, Action&& action) {
  switch (type) {
    case DType::f64:
      return action(double{});
    case DType::f32:
      return action(float{});
    case DType::f16:
      return action(Half{});
    case DType::bf16:
      return action(BrainFloat{});
    case DType::i64:
      return action(std::int64_t{});
    case DType::i32:
      return action(std::int32_t{});
    case DType::i16:
      return action(std::int16_t{});
    case DType::i8:
      return action(std::int8_t{});
    case DType::u64:
      return action(std::uint64_t{});
    case DType::u32:
      return action(std::uint32_t{});
    case DType::u16:
      return action(std::uint16_t{});
    case DType::u8:
      return action(std::uint8_t{});
    case DType::boolean:
      return action(Boolean{});
  }
  fail(ErrorCode::value, "Array: no such element type: ", static_cast<int>(type));
}

template <class T>
T element(const std::string& bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

std::size_t checked_size(const Array& array, const std::string& what) {
  const auto expected = array_bytes(array.type, array.shape);
  check(expected && static_cast<std::size_t>(*expected) == array.bytes.size(), ErrorCode::format,
        what, ": ", array.bytes.size(), " bytes do not fit its shape");
  return array.bytes.size() / item_size(array.type);
}

template <class T>
std::string bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

std::size_t item_size(DType type) {
  return with_type(type, [](auto item) { return sizeof item; });
}

std::string to_string(DType type) {
  switch (type) {
    case DType::f64:
      return "F64";
    case DType::f32:
      return "F32";
    case DType::f16:
      return "F16";
    case DType::bf16:
      return "BF16";
    case DType::i64:
      return "I64";
    case DType::i32:
      return "I32";
    case DType::i16:
      return "I16";
    case DType::i8:
      return "I8";
    case DType::u64:
      return "U64";
    case DType::u32:
      return "U32";
    case DType::u16:
      return "U16";
    case DType::u8:
      return "U8";
    case DType::boolean:
      return "BOOL";
  }
  return "?";
}

std::optional<Index> array_bytes(DType type, std::span<const Index> shape) {
  auto bytes = static_cast<Index>(item_size(type));
  for (const Index extent : shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, extent, &bytes)) return {};
  return bytes;
}

Index Array::size() const {
  Index size = 1;
  for (const Index extent : shape) size = checked_product(size, extent, "Array");
  return size;
}

Tensor Array::as_tensor(const std::string& what) const {
  const std::size_t count = checked_size(*this, what);
  check(shape.size() <= 4, ErrorCode::shape, what, " has ", shape.size(),
        " dimensions, at most 4 are supported");
  Tensor tensor = Tensor::uninitialized(Shape(std::span(shape)));
  with_type(type, [&](auto item) {
    Real* out = tensor.data();
    for (std::size_t i = 0; i < count; ++i)
      out[i] = static_cast<Real>(element<decltype(item)>(bytes, i));
  });
  return tensor;
}

std::vector<Index> Array::as_indices(const std::string& what) const {
  const std::size_t count = checked_size(*this, what);
  return with_type(type, [&](auto item) -> std::vector<Index> {
    using T = decltype(item);
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, Boolean>) {
      std::vector<Index> indices(count);
      for (std::size_t i = 0; i < count; ++i) {
        const T value = element<T>(bytes, i);
        if constexpr (std::is_same_v<T, std::uint64_t>)
          check(value <= std::uint64_t{std::numeric_limits<Index>::max()}, ErrorCode::format, what,
                ": element ", i, " is ", value, ", at most 2^63 - 1 is supported");
        indices[i] = static_cast<Index>(value);
      }
      return indices;
    } else {
      fail(ErrorCode::format, what, " holds ", to_string(type), ", expected integers");
    }
  });
}

Array Array::from(const Tensor& tensor) {
  const auto extents = tensor.shape().extents();
  return {.type = std::is_same_v<Real, double> ? DType::f64 : DType::f32,
          .shape = {extents.begin(), extents.end()},
          .bytes = bytes_of(tensor.values())};
}

Array Array::from(const std::vector<Index>& values) {
  return {.type = DType::i64,
          .shape = {std::ssize(values)},
          .bytes = bytes_of(std::span<const Index>(values))};
}

}  // namespace AGATE_NAMESPACE::io
