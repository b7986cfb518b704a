#pragma once
/// \file
/// Blocks of memory for tensors: 64-byte aligned, large ones on huge pages, recycled by a pool.

#include <agate/core/config.hpp>
#include <cstddef>
#include <memory>

namespace AGATE_NAMESPACE {

/// A recycler of memory blocks. A block goes back to its pool when its last owner lets go, and the
/// next request of the same size class takes it from there, so that a steady training step asks
/// the system for nothing. Thread-safe. Blocks may outlive the handle: they keep the pool alive.
class MemoryPool {
 public:
  MemoryPool();

  /// `bytes` bytes of undefined content, aligned to 64 bytes; throws Error(limit) when the system
  /// has no more. Zero bytes give a null pointer.
  std::shared_ptr<std::byte> allocate(std::size_t bytes);

  /// How many blocks this pool has asked the system for.
  std::size_t system_allocations() const;
  /// The largest of them, in bytes.
  std::size_t largest_allocation() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A block that belongs to no pool.
std::shared_ptr<std::byte> allocate_block(std::size_t bytes);

/// How many blocks of at least 64 KiB the process has asked the system for, in all pools and
/// outside them. Tests use it to show that a steady step allocates nothing large.
std::size_t large_system_allocations();

}  // namespace AGATE_NAMESPACE
