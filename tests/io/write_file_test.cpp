#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <agate/io/file.hpp>
#include <cerrno>
#include <cstdio>

#include "catch.hpp"
#include "io/system_calls.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;

namespace {

/// The system with one fault: call number `fault` fails with `reason`. It writes a few bytes a
/// call.
int calls = 0, fault = -1, reason = EIO;

bool fails() {
  if (calls++ != fault) return false;
  errno = reason;
  return true;
}

const SystemCalls faulty{
    .open = [](const char* path, int flags,
               mode_t mode) { return fails() ? -1 : ::open(path, flags, mode); },
    .fchmod = [](int file, mode_t mode) { return fails() ? -1 : ::fchmod(file, mode); },
    .write = [](int file, const void* bytes, std::size_t count) -> ssize_t {
      return fails() ? -1 : ::write(file, bytes, std::min<std::size_t>(count, 5));
    },
    .fsync = [](int file) { return fails() ? -1 : ::fsync(file); },
    .close =
        [](int file) {
          // A close that fails has closed the file all the same.
          const int result = ::close(file);
          return fails() ? -1 : result;
        },
    .rename = [](const char* from, const char* to) { return fails() ? -1 : std::rename(from, to); },
};

int open_files() {
  int count = 0;
  for (int file = 0; file < 256; ++file) count += ::fcntl(file, F_GETFD) != -1;
  return count;
}

const std::string old_content = "the old content", new_content = "quite another content";

}  // namespace

TEST_CASE("a fault at any call leaves the old file or the new one, whole, and nothing else") {
  for (const bool exists : {true, false}) {
    reason = EIO;
    bool finished = false;
    int refused_while_old = 0, refused_while_new = 0;
    const int files_before = open_files();
    for (int n = 0; !finished; ++n) {
      REQUIRE(n < 100);
      const TemporaryFolder folder;
      const std::string path = folder.path("model");
      if (exists) folder.file("model", old_content);
      calls = 0;
      fault = n;
      const auto refused = refusal([&] { write_file(path, new_content, faulty); });
      INFO("call " << n << ": " << refused.sentence);
      const std::string left = slurp(path);
      if (refused.sentence.empty()) {
        CHECK(left == new_content);
        CHECK(folder.count() == 1);
        finished = calls <= n;
        continue;
      }
      CHECK(refused.says(path + ": "));
      CHECK(refused.says("Input/output error"));
      CHECK(refused.code == ErrorCode::io);
      if (left == new_content) {
        ++refused_while_new;
        CHECK(folder.count() == 1);
      } else {
        ++refused_while_old;
        CHECK(left == (exists ? old_content : ""));
        CHECK(folder.count() == (exists ? 1 : 0));
      }
    }
    CHECK(open_files() == files_before);
    // open, fchmod of an old file, five writes, fsync, close, rename; then open and fsync of the
    // folder.
    CHECK(refused_while_old == (exists ? 10 : 9));
    CHECK(refused_while_new == 2);
  }
}

TEST_CASE("an interrupted call is made again, and a folder that cannot be flushed is no fault") {
  for (int n = 0; n < 14; ++n) {
    const TemporaryFolder folder;
    const std::string path = folder.path("model");
    calls = 0;
    fault = n;
    reason = EINTR;
    const auto refused = refusal([&] { write_file(path, new_content, faulty); });
    // Renaming is never interrupted; it is call number 8.
    CHECK(refused.sentence.empty() == (n != 8));
    if (n != 8) CHECK(slurp(path) == new_content);
  }
  for (const int n : {9, 10}) {
    const TemporaryFolder folder;
    calls = 0;
    fault = n;
    reason = n == 9 ? EACCES : EINVAL;
    write_file(folder.path("model"), new_content, faulty);
    CHECK(slurp(folder.path("model")) == new_content);
  }
}

TEST_CASE("a temporary file that another process left behind is not taken") {
  const TemporaryFolder folder;
  calls = 0;
  fault = 0;
  reason = EEXIST;
  write_file(folder.path("model"), new_content, faulty);
  CHECK(slurp(folder.path("model")) == new_content);
}
