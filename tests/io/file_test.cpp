#include <fcntl.h>
#include <sys/stat.h>

#include <agate/io/file.hpp>
#include <thread>

#include "catch.hpp"
#include "io/gzip.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;
namespace fs = std::filesystem;

TEST_CASE("read_file gives the bytes of a file") {
  const TemporaryFolder folder;
  for (const std::size_t size : {0, 1, 4096, 65536, 200001}) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7);
    CHECK(read_file(folder.file("x", content)) == content);
    CHECK(read_file(folder.path("x"), size) == content);
  }
}

TEST_CASE("read_file reads what has no size, such as a pipe, to its end") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const std::string content(300000, 'p');
  std::jthread writer([&] { std::ofstream(pipe) << content; });
  CHECK(read_file(pipe) == content);
  CHECK(read_file("/proc/self/status").find("Threads:") != std::string::npos);
}

TEST_CASE("read_file says what is wrong") {
  const TemporaryFolder folder;
  const auto missing = refusal([&] { read_file(folder.path("none.csv")); });
  CHECK(missing.says(folder.path("none.csv") + ": cannot be read: No such file or directory"));
  CHECK(missing.code == ErrorCode::not_found);
  const auto below_file = refusal([&] { read_file(folder.file("a", "b") + "/c"); });
  CHECK(below_file.code == ErrorCode::not_found);
  const auto is_folder = refusal([&] { read_file(folder.path("")); });
  CHECK(is_folder.says("Is a directory"));
  CHECK(is_folder.code == ErrorCode::io);
  const auto large = refusal([&] { read_file(folder.file("x", "12345"), 4); });
  CHECK(large.says("is larger than 4 bytes"));
  CHECK(large.code == ErrorCode::limit);
  CHECK(refusal([] { read_file("/dev/zero", 100000); }).code == ErrorCode::limit);
  folder.file("x", "12345");
  const std::string nul = folder.path("x") + std::string(1, '\0') + "y";
  CHECK(refusal([&] { read_file(nul); }).code == ErrorCode::not_found);
}

TEST_CASE("read_text unpacks gzip, and what is not gzip it leaves alone") {
  const TemporaryFolder folder;
  const std::string text = "id,age\nann,31\nbob,42\n";
  CHECK(read_text(folder.file("x.csv", text)) == text);
  CHECK(read_text(folder.file("empty", "")).empty());
  CHECK(read_text(folder.file("x.csv.gz", csv_gz())) == text);
  CHECK(read_text(folder.file("two.gz", csv_gz() + csv_gz())) == text + text);
}

TEST_CASE("gunzip refuses damaged archives and bounds what they unpack to") {
  const std::string whole = csv_gz();
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const auto cut = refusal([&] { gunzip(whole.substr(0, size), "x.gz", 1 << 20); });
    CHECK(cut.says("x.gz: the gzip archive is damaged"));
    CHECK(cut.code == ErrorCode::format);
  }
  auto wrong_sum = whole;
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  CHECK(refusal([&] { gunzip(wrong_sum, "x.gz", 1 << 20); }).says("incorrect data check"));
  CHECK(refusal([&] { gunzip(whole + "!", "x.gz", 1 << 20); }).says("other bytes follow"));
  CHECK(gunzip(whole, "x.gz", 21).size() == 21);
  const auto bomb = refusal([&] { gunzip(whole, "x.gz", 20); });
  CHECK(bomb.says("x.gz: unpacks to more than 20 bytes"));
  CHECK(bomb.code == ErrorCode::limit);
  CHECK(refusal([&] { gunzip(whole + whole, "x.gz", 41); }).code == ErrorCode::limit);
}

TEST_CASE("write_file writes new files and replaces old ones, keeping their permissions") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.safetensors");
  write_file(path, "new");
  CHECK(slurp(path) == "new");
  fs::permissions(path, fs::perms(0640));
  const std::string content(3 << 20, 'x');
  write_file(path, content);
  CHECK(slurp(path) == content);
  CHECK(fs::status(path).permissions() == fs::perms(0640));
  write_file(path, "");
  CHECK(slurp(path).empty());
  CHECK(folder.count() == 1);
  const std::string long_name = folder.path(std::string(255, 'n'));
  write_file(long_name, "fits");
  CHECK(slurp(long_name) == "fits");
}

TEST_CASE("write_file to a name without a folder writes into the current one") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path(""));
  const auto refused = refusal([] {
    check_writable("plain.csv");
    write_file("plain.csv", "x");
  });
  fs::current_path(before);
  CHECK(refused.sentence.empty());
  CHECK(slurp(folder.path("plain.csv")) == "x");
}

TEST_CASE("write_file follows a link to the file it names") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("deep"));
  folder.file("deep/real", "old");
  fs::create_symlink("deep/real", folder.path("link"));
  write_file(folder.path("link"), "new");
  CHECK(fs::is_symlink(folder.path("link")));
  CHECK(slurp(folder.path("deep/real")) == "new");
  fs::create_symlink("nowhere", folder.path("dangling"));
  for (const auto action : {+[](const std::string& p) { write_file(p, "x"); },
                            +[](const std::string& p) { check_writable(p); }}) {
    const auto refused = refusal([&] { action(folder.path("dangling")); });
    CHECK(refused.says("it is a link to a file that does not exist"));
    CHECK(refused.code == ErrorCode::io);
  }
  CHECK(folder.count() == 3);
}

TEST_CASE("write_file writes into devices and pipes") {
  const TemporaryFolder folder;
  CHECK_NOTHROW(write_file("/dev/null", "gone"));
  const auto full = refusal([] { write_file("/dev/full", "x"); });
  CHECK(full.says("/dev/full: cannot be written: No space left on device"));
  CHECK(full.code == ErrorCode::io);

  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::string received;
  {
    std::jthread reader([&] { received = slurp(pipe); });
    write_file(pipe, "through");
  }
  CHECK(received == "through");
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("write_file to the name of an open file writes where that file stands") {
  const TemporaryFolder folder;
  const std::string path = folder.path("out");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(file >= 0);
  REQUIRE(::write(file, "before,", 7) == 7);
  for (const std::string place : {"/dev/fd/", "/proc/self/fd/"}) {
    check_writable(place + std::to_string(file));
    write_file(place + std::to_string(file), "results,");
  }
  REQUIRE(::write(file, "after", 5) == 5);
  ::close(file);
  CHECK(slurp(path) == "before,results,results,after");
  const std::string closed = "/dev/fd/" + std::to_string(file);
  CHECK(refusal([&] { write_file(closed, "x"); }).code == ErrorCode::io);
  CHECK(refusal([&] { check_writable(closed); }).code == ErrorCode::io);
}

TEST_CASE("what cannot be written is refused by write_file and ahead of it by check_writable") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& path, const std::string& why) {
    INFO(path);
    for (const auto action : {+[](const std::string& p) { write_file(p, "x"); },
                              +[](const std::string& p) { check_writable(p); }}) {
      const auto r = refusal([&] { action(path); });
      CHECK(r.says(path + ": cannot be written: "));
      CHECK(r.says(why));
      CHECK(r.code == ErrorCode::io);
    }
  };
  refused("", "No such file");
  refused(folder.path(""), "Is a directory");
  refused(folder.path("new/"), "Is a directory");
  refused(folder.path("new/model"), "folder " + folder.path("new/") + ": No such file");
  refused(folder.file("file", "") + "/model", "Not a directory");
  refused(folder.path(std::string(256, 'n')), "File name too long");
  CHECK(folder.count() == 1);
  if (geteuid() == 0) {
    WARN("skipped: permissions do not hold for the superuser");
    return;
  }
  folder.file("kept", "old");
  fs::permissions(folder.path("kept"), fs::perms(0444));
  refused(folder.path("kept"), "Permission denied");
  CHECK(slurp(folder.path("kept")) == "old");
  fs::create_directory(folder.path("closed"));
  fs::permissions(folder.path("closed"), fs::perms(0555));
  refused(folder.path("closed/model"), "Permission denied");
}

TEST_CASE("check_writable neither creates nor changes anything") {
  const TemporaryFolder folder;
  folder.file("old", "content");
  check_writable(folder.path("old"));
  check_writable(folder.path("new"));
  CHECK_NOTHROW(check_writable("/dev/null"));
  CHECK(slurp(folder.path("old")) == "content");
  CHECK(folder.count() == 1);
}
