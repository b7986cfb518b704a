#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

#include "io/gzip.hpp"
#include "io/input_file.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

[[noreturn]] void cannot_read(const std::string& path, int reason) {
  const bool missing = reason == ENOENT || reason == ENOTDIR;
  fail(missing ? ErrorCode::not_found : ErrorCode::io, path,
       ": cannot be read: ", std::generic_category().message(reason));
}

}  // namespace

InputFile::InputFile(const std::string& path) : path_(path) {
  // The system would stop at a NUL byte and open another file.
  if (path.find('\0') != std::string::npos) cannot_read(path, ENOENT);
  do file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  while (file_ < 0 && errno == EINTR);
  if (file_ < 0) cannot_read(path, errno);
}

InputFile::~InputFile() { ::close(file_); }

std::size_t InputFile::expected_size() const {
  struct stat status;
  if (::fstat(file_, &status) != 0) cannot_read(path_, errno);
  if (S_ISDIR(status.st_mode)) cannot_read(path_, EISDIR);
  return S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
}

std::size_t InputFile::read(char* bytes, std::size_t count) const {
  for (;;) {
    const ssize_t done = ::read(file_, bytes, std::min<std::size_t>(count, 1 << 30));
    if (done >= 0) return static_cast<std::size_t>(done);
    if (errno != EINTR) cannot_read(path_, errno);
  }
}

std::string InputFile::read_up_to(std::size_t count) const {
  std::string bytes(count, '\0');
  std::size_t size = 0;
  while (size < count) {
    const std::size_t done = read(bytes.data() + size, count - size);
    if (done == 0) break;
    size += done;
  }
  bytes.resize(size);
  return bytes;
}

std::string read_file(const std::string& path, std::size_t most) try {
  const InputFile file(path);
  const auto check_size = [&](std::size_t size) {
    check(size <= most, ErrorCode::limit, path, ": is larger than ", most, " bytes");
  };
  const std::size_t expected = file.expected_size();
  check_size(expected);
  std::string content;
  // One byte more than expected, so that a file that does not change is read without growing.
  for (std::size_t room = expected + 1, size = 0;;) {
    content.resize(size + room);
    const std::size_t done = file.read(content.data() + size, room);
    size += done;
    check_size(size);
    room = content.size() - size;
    if (room == 0) room = std::max<std::size_t>(size, 1 << 16);
    if (done > 0) continue;
    content.resize(size);
    return content;
  }
} catch (const std::bad_alloc&) {
  fail(ErrorCode::limit, path, ": does not fit in memory");
}

std::string read_text(const std::string& path, std::size_t most) {
  std::string content = read_file(path, most);
  return is_gzip(content) ? gunzip(content, path, most) : content;
}

}  // namespace AGATE_NAMESPACE::io
