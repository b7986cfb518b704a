#pragma once
// Memory of a pass that ends with it.

#include <agate/core/memory.hpp>

namespace AGATE_NAMESPACE::kernels {

class Buffer {
 public:
  Buffer(MemoryPool& pool, Index count)
      : block_(pool.allocate(sizeof(Real) * static_cast<std::size_t>(count))) {}
  Real* data() const { return reinterpret_cast<Real*>(block_.get()); }

 private:
  std::shared_ptr<std::byte> block_;
};

}  // namespace AGATE_NAMESPACE::kernels
