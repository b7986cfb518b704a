#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>

#include "io/system_calls.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

[[noreturn]] void cannot_write(const std::string& path, int reason) {
  fail(ErrorCode::io, path, ": cannot be written: ", std::generic_category().message(reason));
}

/// Where a path leads: the file itself, the folder it lies in, and what lies there now.
struct Target {
  std::string file, folder;
  std::optional<mode_t> mode;     ///< nothing when there is no such file yet
  std::optional<int> descriptor;  ///< when it is an open file of this process
  bool is_stream = false;         ///< to be written into: nothing could replace it
};

/// The open file that a path such as /dev/stdout names. It may well be a regular one, as after
/// `> results.csv`: then replacing it, or opening it anew, would lose what is printed to it.
std::optional<int> named_descriptor(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int descriptor = -1;
    const char* end = path.data() + path.size();
    const auto [parsed, error] = std::from_chars(path.data() + folder.size(), end, descriptor);
    if (error == std::errc{} && parsed == end && descriptor >= 0) return descriptor;
  }
  return {};
}

Target find_target(const std::string& path) {
  Target target{.file = path, .folder = {}, .mode = {}, .descriptor = named_descriptor(path)};
  if (path.empty() || path.find('\0') != std::string::npos) cannot_write(path, ENOENT);
  struct stat status;
  if (::stat(path.c_str(), &status) == 0) {
    target.mode = status.st_mode;
    if (S_ISDIR(status.st_mode)) cannot_write(path, EISDIR);
    target.is_stream = target.descriptor || !S_ISREG(status.st_mode);
    // Through a link to the file it names, so that the link stays a link.
    if (!target.is_stream) {
      const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr),
                                                        std::free);
      if (!real) cannot_write(path, errno);
      target.file = real.get();
    }
  } else if (errno != ENOENT || target.descriptor) {
    cannot_write(path, errno);
  } else if (::lstat(path.c_str(), &status) == 0) {
    fail(ErrorCode::io, path, ": cannot be written: it is a link to a file that does not exist");
  }
  const std::size_t slash = target.file.rfind('/');
  if (slash + 1 == target.file.size()) cannot_write(path, EISDIR);
  target.folder = slash == std::string::npos ? "." : target.file.substr(0, slash + 1);
  return target;
}

void check_permissions(const std::string& path, const Target& target) {
  const auto allowed = [&](const std::string& name, int what) {
    return ::faccessat(AT_FDCWD, name.c_str(), what, AT_EACCESS) == 0;
  };
  if (target.descriptor) return;
  // Replacing needs no permission on the file itself, but someone took it away on purpose.
  if (target.mode && !allowed(target.file, W_OK)) cannot_write(path, errno);
  if (!target.is_stream && !allowed(target.folder, W_OK | X_OK)) {
    const int reason = errno;
    fail(ErrorCode::io, path, ": cannot be written: folder ", target.folder, ": ",
         std::generic_category().message(reason));
  }
}

/// An open file and, until it has been renamed, the duty to remove it.
class OutputFile {
 public:
  OutputFile(const std::string& shown, const SystemCalls& system)
      : shown_(shown), system_(system) {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (file_ >= 0) system_.close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  bool open(const std::string& name, int flags) {
    do file_ = system_.open(name.c_str(), flags | O_CLOEXEC, 0666);
    while (file_ < 0 && errno == EINTR);
    return file_ >= 0;
  }
  bool share(int descriptor) {
    file_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return file_ >= 0;
  }
  void open_temporary(const std::string& folder) {
    static std::atomic<unsigned> count{0};
    for (;;) {
      // The name is short, whatever the target's: one that fits the file system must not be
      // refused because something is appended to it.
      const std::string name =
          folder + "/.agate-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".tmp";
      if (open(name, O_WRONLY | O_CREAT | O_EXCL)) {
        temporary_ = name;
        return;
      }
      // A crash of another process with this number may have left one.
      if (errno != EEXIST) cannot_write(shown_, errno);
    }
  }
  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t done = system_.write(file_, content.data(), content.size());
      if (done > 0)
        content.remove_prefix(static_cast<std::size_t>(done));
      else if (done == 0 || errno != EINTR)
        cannot_write(shown_, done == 0 ? EIO : errno);
    }
  }
  void set_mode(mode_t mode) {
    if (system_.fchmod(file_, mode) != 0) cannot_write(shown_, errno);
  }
  int flush() {
    int result;
    do result = system_.fsync(file_);
    while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
  }
  void close() {
    const int result = system_.close(file_);
    file_ = -1;
    // After EINTR the file is closed on Linux; a second call might close another's.
    if (result != 0 && errno != EINTR) cannot_write(shown_, errno);
  }
  void rename(const std::string& target) {
    if (system_.rename(temporary_.c_str(), target.c_str()) != 0) cannot_write(shown_, errno);
    temporary_.clear();
  }

 private:
  const std::string& shown_;
  const SystemCalls& system_;
  std::string temporary_;
  int file_ = -1;
};

void flush_folder(const std::string& path, const std::string& folder, const SystemCalls& system) {
  OutputFile file(path, system);
  // A folder may allow writing and not reading, and some file systems flush no folders: then the
  // rename is as safe as it can be made.
  int reason = file.open(folder, O_RDONLY | O_DIRECTORY) ? file.flush() : errno;
  if (reason == EACCES || reason == EINVAL || reason == ENOTSUP) reason = 0;
  check(reason == 0, ErrorCode::io, path, ": written, but its folder cannot be flushed to disk: ",
        std::generic_category().message(reason));
}

}  // namespace

SystemCalls SystemCalls::real() {
  return {
      .open = [](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); },
      .fchmod = ::fchmod,
      .write = ::write,
      .fsync = ::fsync,
      .close = ::close,
      .rename = std::rename};
}

void write_file(const std::string& path, std::string_view content, const SystemCalls& system) {
  const Target target = find_target(path);
  check_permissions(path, target);
  OutputFile file(path, system);
  if (target.is_stream) {
    const bool opened =
        target.descriptor ? file.share(*target.descriptor) : file.open(path, O_WRONLY);
    if (!opened) cannot_write(path, errno);
    file.write(content);
    file.close();
    return;
  }
  file.open_temporary(target.folder);
  if (target.mode) file.set_mode(*target.mode & 0777);
  file.write(content);
  if (const int reason = file.flush()) cannot_write(path, reason);
  file.close();
  file.rename(target.file);
  flush_folder(path, target.folder, system);
}

void write_file(const std::string& path, std::string_view content) {
  write_file(path, content, SystemCalls::real());
}

void check_writable(const std::string& path) { check_permissions(path, find_target(path)); }

}  // namespace AGATE_NAMESPACE::io
