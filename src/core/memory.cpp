#include <sys/mman.h>

#include <agate/core/error.hpp>
#include <agate/core/memory.hpp>
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace AGATE_NAMESPACE {
namespace {

constexpr std::size_t huge_page = std::size_t{1} << 21;
constexpr std::size_t large_block = std::size_t{1} << 16;

std::atomic<std::size_t> large_allocations{0};

std::byte* system_allocate(std::size_t bytes) {
  // A huge page is asked for only where it is filled: rounding a small block up would waste it.
  const std::size_t alignment = bytes >= 2 * huge_page ? huge_page : 64;
  // A vector that starts at the last element may be read in full, whatever its width.
  const std::size_t padding = 64;
  const std::size_t rounded = (bytes + padding + alignment - 1) / alignment * alignment;
  check(rounded >= bytes, ErrorCode::limit, "memory: ", bytes, " bytes are too many");
  void* block = std::aligned_alloc(alignment, rounded);
  check(block != nullptr, ErrorCode::limit, "memory: the system has no ", bytes, " bytes left");
  if (alignment == huge_page) madvise(block, rounded, MADV_HUGEPAGE);
  if (bytes >= large_block) ++large_allocations;
  return static_cast<std::byte*>(block);
}

/// Sizes are rounded up to one of eight steps per power of two, so that blocks of nearly equal
/// tensors are exchangeable and at most an eighth is wasted.
std::size_t size_class(std::size_t bytes) {
  if (bytes <= 64) return 64;
  const std::size_t step = std::max<std::size_t>(64, std::bit_floor(bytes - 1) / 8);
  return (bytes + step - 1) / step * step;
}

}  // namespace

struct MemoryPool::State {
  struct SizeClass {
    std::vector<std::byte*> free;
    std::size_t owned = 0;
  };
  std::mutex mutex;
  std::unordered_map<std::size_t, SizeClass> classes;
  std::size_t system_allocations = 0;
  std::size_t largest_allocation = 0;

  ~State() {
    for (auto& [size, blocks] : classes)
      for (std::byte* block : blocks.free) std::free(block);
  }
};

MemoryPool::MemoryPool() : state_(std::make_shared<State>()) {}

std::shared_ptr<std::byte> MemoryPool::allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  const std::size_t size = size_class(bytes);
  check(size >= bytes, ErrorCode::limit, "memory: ", bytes, " bytes are too many");
  std::byte* block = nullptr;
  {
    std::lock_guard lock(state_->mutex);
    auto& [free, owned] = state_->classes[size];
    if (!free.empty()) {
      block = free.back();
      free.pop_back();
    } else {
      // Room for the way back is made here, where failing is allowed: the deleter may not throw.
      if (free.capacity() <= owned) free.reserve(2 * owned + 4);
      block = system_allocate(size);
      ++owned;
      ++state_->system_allocations;
      state_->largest_allocation = std::max(state_->largest_allocation, size);
    }
  }
  return {block, [state = state_, size](std::byte* p) {
            std::lock_guard lock(state->mutex);
            state->classes.find(size)->second.free.push_back(p);
          }};
}

std::size_t MemoryPool::system_allocations() const {
  std::lock_guard lock(state_->mutex);
  return state_->system_allocations;
}

std::size_t MemoryPool::largest_allocation() const {
  std::lock_guard lock(state_->mutex);
  return state_->largest_allocation;
}

std::shared_ptr<std::byte> allocate_block(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  return {system_allocate(bytes), [](std::byte* p) { std::free(p); }};
}

std::size_t large_system_allocations() { return large_allocations; }

}  // namespace AGATE_NAMESPACE
