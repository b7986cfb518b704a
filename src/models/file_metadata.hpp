#pragma once
// What the files of all saved models have in common.

#include <agate/io/safetensors.hpp>
#include <string>

namespace AGATE_NAMESPACE::models {

constexpr int file_format = 1;

// Error(format) where it is not there.
const std::string& metadata_entry(const io::SafeTensors& file, const std::string& path,
                                  const std::string& key);

// Error(format) for a newer format than file_format, and for a file that has none.
void check_file_format(const io::SafeTensors& file, const std::string& path);

}  // namespace AGATE_NAMESPACE::models
