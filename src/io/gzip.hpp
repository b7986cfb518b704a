#pragma once
#include <agate/core/config.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::io {

bool is_gzip(std::string_view bytes);

/// The unpacked content of one or more gzip members. Error(format) for a damaged archive,
/// Error(limit) when it unpacks to more than `most` bytes.
std::string gunzip(std::string_view bytes, const std::string& name, std::size_t most);

}  // namespace AGATE_NAMESPACE::io
