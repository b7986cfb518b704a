#pragma once
/// \file
/// The safetensors format (https://github.com/huggingface/safetensors): named arrays and a
/// string -> string `__metadata__`.

#include <agate/io/array.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// What a safetensors file holds.
struct SafeTensors {
  std::vector<std::pair<std::string, Array>> arrays;  ///< in the order of their data
  std::map<std::string, std::string> metadata;

  const Array* find(const std::string& name) const;  ///< nullptr when there is none
};

/// Error(format) naming the file and what is wrong for anything that is not exactly one: a header
/// beyond the file or over 100 MB, JSON errors, duplicate keys, an unknown dtype, offsets that
/// overlap, leave holes or do not cover the file, sizes that do not match the shape.
SafeTensors read_safetensors(const std::string& path);
/// The `__metadata__` alone, of a file of any size: what stands behind the header is not looked at.
std::map<std::string, std::string> read_safetensors_metadata(const std::string& path);
/// The same of the bytes of a file; `name` stands for the path in messages.
SafeTensors parse_safetensors(const std::string& bytes, const std::string& name);

/// Crash-safe (io::write_file). The header is padded so that the data is 8-byte aligned.
void write_safetensors(const std::string& path, const SafeTensors& content);
/// The bytes of such a file.
std::string format_safetensors(const SafeTensors& content);

}  // namespace AGATE_NAMESPACE::io
