#pragma once
// A file that is open for reading.

#include <agate/core/config.hpp>
#include <cstddef>
#include <string>

namespace AGATE_NAMESPACE::io {

class InputFile {
 public:
  // Error(not_found) or Error(io), naming the path, which must outlive it.
  explicit InputFile(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  // What the system says the size is: 0 for a pipe.
  std::size_t expected_size() const;
  // At most `count` bytes; 0 at the end.
  std::size_t read(char* bytes, std::size_t count) const;
  // `count` bytes, or those that are there.
  std::string read_up_to(std::size_t count) const;

 private:
  const std::string& path_;
  int file_ = -1;
};

}  // namespace AGATE_NAMESPACE::io
