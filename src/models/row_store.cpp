#include "models/row_store.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <agate/core/error.hpp>
#include <cerrno>
#include <system_error>

namespace AGATE_NAMESPACE::models {
namespace {

[[noreturn]] void cannot(const std::string& folder, const char* what, int reason) {
  fail(ErrorCode::io, folder, ": ", what, ": ", std::generic_category().message(reason));
}

struct Descriptor {
  int file;
  ~Descriptor() { ::close(file); }
};

// The file has no name any more when this returns, and is gone with its last mapping.
int open_nameless(const std::string& folder) {
  std::string path = folder + "/agate_rows_XXXXXX";
  const int file = ::mkstemp(path.data());
  if (file < 0) cannot(folder, "no file for what layers make can be made there", errno);
  ::unlink(path.c_str());
  return file;
}

}  // namespace

RowStore::RowStore(Index rows, Index cols, const std::string& folder) : cols_(cols) {
  const Index elements = checked_product(rows, cols, "rows of a layer");
  if (folder.empty() || elements == 0) {
    auto block = allocate_block(static_cast<std::size_t>(elements) * sizeof(Real));
    data_ = reinterpret_cast<Real*>(block.get());
    owner_ = std::move(block);
    return;
  }
  const auto bytes = static_cast<std::size_t>(elements) * sizeof(Real);
  const Descriptor file{open_nameless(folder)};
  // Blocks are taken now: a disk that fills up later would end the process.
  if (const int reason = ::posix_fallocate(file.file, 0, static_cast<off_t>(bytes)); reason != 0)
    cannot(folder, "no room for what layers make", reason);
  void* mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.file, 0);
  if (mapped == MAP_FAILED) cannot(folder, "what layers make cannot be mapped", errno);
  data_ = static_cast<Real*>(mapped);
  owner_ = std::shared_ptr<void>(mapped, [bytes](void* p) { ::munmap(p, bytes); });
}

}  // namespace AGATE_NAMESPACE::models
