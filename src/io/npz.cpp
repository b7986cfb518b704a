#include <zip.h>

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/io/npz.hpp>
#include <algorithm>
#include <memory>
#include <new>

#include "io/npy.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

constexpr zip_uint64_t most_unpacked = zip_uint64_t{1} << 34;
/// Deflate cannot pack more than 1032 bytes into one; so a small file cannot claim much memory.
constexpr zip_uint64_t most_ratio = 1032;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

Archive open_archive(const std::string& bytes, const std::string& name) {
  // libzip takes a file of no bytes for an archive of no members.
  check(!bytes.empty(), ErrorCode::format, name, ": is empty, expected a zip archive");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  Archive archive(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
  const std::string reason = archive ? "" : zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!archive && source) zip_source_free(source);
  check(archive != nullptr, ErrorCode::format, name, ": is not a whole zip archive: ", reason);
  return archive;
}

class Member {
 public:
  Member(zip_t* archive, zip_uint64_t index, const std::string& file) : archive_(archive) {
    constexpr zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_INDEX;
    check(zip_stat_index(archive, index, 0, &status_) == 0 && (status_.valid & needed) == needed,
          ErrorCode::format, file, ": the zip archive is damaged at member ", index);
    place_ = file + ": member " + status_.name;
  }
  const std::string& place() const { return place_; }
  zip_uint64_t packed_size() const { return status_.comp_size; }

  std::string key() const {
    std::string name = status_.name;
    check(name.ends_with(".npy"), ErrorCode::format, place_, " is not an npy array");
    name.resize(name.size() - 4);
    return name;
  }
  std::string read() const {
    check_size();
    const std::unique_ptr<zip_file_t, Discard> member(zip_fopen_index(archive_, status_.index, 0));
    check(member != nullptr, ErrorCode::format, place_,
          " cannot be unpacked: ", zip_strerror(archive_));
    std::string bytes(status_.size, '\0');
    std::size_t size = 0;
    // One read beyond the end makes libzip compare the checksum.
    for (char beyond; size <= bytes.size();) {
      char* to = size < bytes.size() ? bytes.data() + size : &beyond;
      const zip_int64_t done =
          zip_fread(member.get(), to, std::max<zip_uint64_t>(bytes.size() - size, 1));
      check(done >= 0, ErrorCode::format, place_,
            " cannot be unpacked: ", zip_file_strerror(member.get()));
      if (done == 0) break;
      size += static_cast<std::size_t>(done);
    }
    check(size == bytes.size(), ErrorCode::format, place_, " unpacks to ",
          size < bytes.size() ? "fewer" : "more", " than the ", bytes.size(), " bytes it declares");
    return bytes;
  }

 private:
  void check_size() const {
    const bool stored = status_.comp_method == ZIP_CM_STORE;
    check(stored || status_.comp_method == ZIP_CM_DEFLATE, ErrorCode::format, place_,
          " is packed by method ", status_.comp_method, ", known are stored and deflated");
    check(status_.size <= most_unpacked, ErrorCode::format, place_, " unpacks to ", status_.size,
          " bytes, at most ", most_unpacked, " are supported");
    check(
        stored ? status_.size == status_.comp_size : status_.size / most_ratio <= status_.comp_size,
        ErrorCode::format, place_, ": ", status_.comp_size, " bytes cannot unpack to ",
        status_.size);
  }

  zip_t* archive_;
  zip_stat_t status_;
  std::string place_;
};

}  // namespace

std::map<std::string, Array> parse_npz(const std::string& bytes, const std::string& name) try {
  const Archive archive = open_archive(bytes, name);
  std::map<std::string, Array> arrays;
  zip_uint64_t packed = 0;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const Member member(archive.get(), static_cast<zip_uint64_t>(i), name);
    // Members that share their bytes would unpack to more than any file of this size holds.
    check(member.packed_size() <= bytes.size() - packed, ErrorCode::format, member.place(),
          " takes ", member.packed_size(), " bytes, the file has ", bytes.size() - packed, " left");
    packed += member.packed_size();
    const std::string key = member.key();
    check(!arrays.contains(key), ErrorCode::format, member.place(), " is there twice");
    if (auto array = take_npy(member.read(), member.place()))
      arrays.emplace(key, std::move(*array));
  }
  return arrays;
} catch (const std::bad_alloc&) {
  fail(ErrorCode::limit, name, ": does not fit in memory");
}

std::map<std::string, Array> read_npz(const std::string& path) {
  return parse_npz(read_file(path), path);
}

}  // namespace AGATE_NAMESPACE::io
