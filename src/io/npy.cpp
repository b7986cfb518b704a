#include "io/npy.hpp"

#include <agate/core/error.hpp>
#include <agate/io/npz.hpp>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "io/array_bytes.hpp"
#include "io/npy_header.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

/// The element type of a numpy descr: byte order, kind and size, for example "<f4".
std::optional<DType> dtype(std::string_view kind_and_size) {
  constexpr std::pair<std::string_view, DType> known[] = {
      {"f8", DType::f64}, {"f4", DType::f32}, {"f2", DType::f16}, {"i8", DType::i64},
      {"i4", DType::i32}, {"i2", DType::i16}, {"i1", DType::i8},  {"u8", DType::u64},
      {"u4", DType::u32}, {"u2", DType::u16}, {"u1", DType::u8},  {"b1", DType::boolean}};
  for (const auto& [spelling, type] : known)
    if (spelling == kind_and_size) return type;
  return {};
}

bool is_text(const std::string& descr) {
  return descr.size() > 1 && (descr[1] == 'U' || descr[1] == 'S');
}

DType checked_dtype(const std::string& descr, const std::string& name) {
  const std::string_view kind = std::string_view(descr).substr(descr.empty() ? 0 : 1);
  check(!kind.starts_with('O'), ErrorCode::format, name,
        ": holds pickled Python objects, which are never run here");
  const std::string_view orders = kind.ends_with('1') ? "<>|=" : "<=";
  const auto type = dtype(kind);
  check(!type || orders.find(descr[0]) != orders.npos, ErrorCode::format, name, ": elements '",
        descr, "' are not little-endian");
  check(type.has_value(), ErrorCode::format, name, ": elements '", descr,
        "' are not supported, only integers, floats and booleans");
  return *type;
}

/// The elements, first index fastest, rewritten with the last index fastest.
template <class Item>
void reorder(const std::string& from, std::span<const Index> shape, std::string& to) {
  std::vector<std::size_t> strides, index(shape.size());
  std::size_t stride = sizeof(Item);
  for (const Index extent : shape) {
    strides.push_back(stride);
    stride *= static_cast<std::size_t>(extent);
  }
  std::size_t source = 0;
  for (std::size_t target = 0; target < to.size(); target += sizeof(Item)) {
    std::memcpy(to.data() + target, from.data() + source, sizeof(Item));
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < static_cast<std::size_t>(shape[axis])) break;
      source -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}

std::string c_order(const std::string& bytes, std::size_t item, std::span<const Index> shape) {
  std::string result(bytes.size(), '\0');
  switch (item) {
    case 1:
      reorder<std::uint8_t>(bytes, shape, result);
      break;
    case 2:
      reorder<std::uint16_t>(bytes, shape, result);
      break;
    case 4:
      reorder<std::uint32_t>(bytes, shape, result);
      break;
    default:
      reorder<std::uint64_t>(bytes, shape, result);
  }
  return result;
}

}  // namespace

std::optional<Array> take_npy(std::string bytes, const std::string& name) {
  NpyHeader header = parse_npy_header(bytes, name);
  if (is_text(header.descr)) return {};
  Array array{
      .type = checked_dtype(header.descr, name), .shape = std::move(header.shape), .bytes = {}};
  const auto expected = array_bytes(array.type, array.shape);
  const std::size_t found = bytes.size() - header.size;
  check(expected && static_cast<std::size_t>(*expected) == found, ErrorCode::format, name, ": ",
        found, " bytes of '", header.descr, "' do not fit the shape in the npy header");
  bytes.erase(0, header.size);
  const bool turn = header.fortran_order && array.shape.size() > 1;
  array.bytes = turn ? c_order(bytes, item_size(array.type), array.shape) : std::move(bytes);
  return array;
}

Array parse_npy(const std::string& bytes, const std::string& name) {
  auto array = take_npy(bytes, name);
  check(array.has_value(), ErrorCode::format, name, ": holds text, expected numbers");
  return std::move(*array);
}

}  // namespace AGATE_NAMESPACE::io
