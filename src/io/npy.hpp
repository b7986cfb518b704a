#pragma once
#include <agate/io/array.hpp>
#include <optional>
#include <string>

namespace AGATE_NAMESPACE::io {

/// parse_npy that keeps the memory of `bytes`; nothing when they hold text.
std::optional<Array> take_npy(std::string bytes, const std::string& name);

}  // namespace AGATE_NAMESPACE::io
