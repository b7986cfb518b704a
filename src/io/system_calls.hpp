#pragma once
#include <sys/types.h>

#include <agate/core/config.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::io {

/// The calls by which a file is replaced; a test passes others, to let each of them fail in turn.
struct SystemCalls {
  int (*open)(const char* path, int flags, mode_t mode);
  int (*fchmod)(int file, mode_t mode);
  ssize_t (*write)(int file, const void* bytes, std::size_t count);
  int (*fsync)(int file);
  int (*close)(int file);
  int (*rename)(const char* from, const char* to);

  static SystemCalls real();
};

void write_file(const std::string& path, std::string_view content, const SystemCalls& system);

}  // namespace AGATE_NAMESPACE::io
