#include "models/file_metadata.hpp"

#include <agate/core/error.hpp>
#include <agate/core/options.hpp>
#include <agate/models/model_file.hpp>

namespace AGATE_NAMESPACE::models {

const std::string& metadata_entry(const io::SafeTensors& file, const std::string& path,
                                  const std::string& key) {
  const auto found = file.metadata.find(key);
  check(found != file.metadata.end(), ErrorCode::format, path, ": no \"", key,
        "\" in its metadata; not a model saved by agate");
  return found->second;
}

void check_file_format(const io::SafeTensors& file, const std::string& path) {
  const std::string& text = metadata_entry(file, path, "agate_format");
  double number = 0;
  try {
    number = parse_option_number("agate_format", text, 1, 1e6, true);
  } catch (const Error& error) {
    fail(ErrorCode::format, path, ": ", error.what());
  }
  check(number <= file_format, ErrorCode::format, path, ": saved in format ", text,
        ", this agate (", version(), ") reads up to ", file_format);
}

}  // namespace AGATE_NAMESPACE::models
