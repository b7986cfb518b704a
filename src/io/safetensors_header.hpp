#pragma once
#include <agate/io/array.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// The JSON at the start of a safetensors file.
struct SafeTensorsHeader {
  struct Entry {
    std::string name;
    DType type = DType::f32;
    std::vector<Index> shape;
    std::uint64_t begin = 0, end = 0;
  };
  std::vector<Entry> entries;  ///< in the order of their data
  std::map<std::string, std::string> metadata;
};

/// Error(format) unless it has exactly the form of the format. Whether the offsets fit each other,
/// the shapes and the file is left to the caller.
SafeTensorsHeader parse_safetensors_header(std::string_view text, const std::string& file);

}  // namespace AGATE_NAMESPACE::io
