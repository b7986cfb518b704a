#pragma once
#include <agate/io/array.hpp>
#include <optional>
#include <span>

namespace AGATE_NAMESPACE::io {

/// The bytes that elements of this type and shape take, or nothing when that is no Index.
std::optional<Index> array_bytes(DType type, std::span<const Index> shape);

}  // namespace AGATE_NAMESPACE::io
