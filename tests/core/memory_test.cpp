#include <agate/core/memory.hpp>
#include <cstdint>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace agate;

namespace {

bool aligned(const std::shared_ptr<std::byte>& block) {
  return reinterpret_cast<std::uintptr_t>(block.get()) % 64 == 0;
}
const std::size_t sizes[] = {1, 63, 64, 65, 1000, 4096, 65536, 1 << 20, (1 << 22) + 1, 9 << 20};

}  // namespace

TEST_CASE("blocks are aligned to 64 bytes and can be written in full") {
  MemoryPool pool;
  for (const std::size_t size : sizes) {
    for (const auto& block : {pool.allocate(size), allocate_block(size)}) {
      REQUIRE(block != nullptr);
      CHECK(aligned(block));
      std::memset(block.get(), 0xAB, size);
    }
  }
  CHECK(pool.allocate(0) == nullptr);
  CHECK(allocate_block(0) == nullptr);
}

TEST_CASE("blocks in use are distinct") {
  MemoryPool pool;
  std::vector<std::shared_ptr<std::byte>> blocks;
  for (int i = 0; i < 100; ++i) {
    blocks.push_back(pool.allocate(128));
    std::memset(blocks.back().get(), i, 128);
  }
  for (int i = 0; i < 100; ++i)
    for (int k = 0; k < 128; ++k)
      if (blocks[static_cast<std::size_t>(i)].get()[k] != static_cast<std::byte>(i))
        FAIL("block " << i << " was overwritten");
  CHECK(pool.system_allocations() == 100);
}

TEST_CASE("a block given back is handed out again for a size of its class") {
  MemoryPool pool;
  std::byte* first = nullptr;
  {
    const auto block = pool.allocate(1'000'000);
    first = block.get();
    CHECK(pool.allocate(1'000'000).get() != first);
  }
  const auto again = pool.allocate(1'000'000), other = pool.allocate(999'999);
  CHECK((again.get() == first || other.get() == first));
  CHECK(pool.system_allocations() == 2);
  CHECK(pool.allocate(2'000'000) != nullptr);
  CHECK(pool.system_allocations() == 3);
}

TEST_CASE("a steady step asks the system for nothing") {
  MemoryPool pool;
  const auto step = [&] {
    std::vector<std::shared_ptr<std::byte>> blocks;
    for (const std::size_t size : sizes)
      for (int i = 0; i < 3; ++i) blocks.push_back(pool.allocate(size));
  };
  step();
  const std::size_t pool_before = pool.system_allocations(), before = large_system_allocations();
  for (int i = 0; i < 50; ++i) step();
  CHECK(pool.system_allocations() == pool_before);
  CHECK(large_system_allocations() == before);
}

TEST_CASE("large blocks are counted for the whole process") {
  const std::size_t before = large_system_allocations();
  allocate_block(1000);
  CHECK(large_system_allocations() == before);
  allocate_block(1 << 16);
  MemoryPool pool;
  pool.allocate(1 << 20);
  CHECK(large_system_allocations() == before + 2);
}

TEST_CASE("blocks outlive their pool") {
  std::shared_ptr<std::byte> block, copy;
  {
    MemoryPool pool;
    block = pool.allocate(5000);
    std::memset(block.get(), 0x5A, 5000);
    pool.allocate(5000);
  }
  copy = block;
  block.reset();
  CHECK(copy.get()[4999] == std::byte{0x5A});
}

TEST_CASE("copies of a pool share its blocks") {
  MemoryPool pool, copy = pool;
  pool.allocate(5000);
  copy.allocate(5000);
  CHECK(pool.system_allocations() == 1);
}

TEST_CASE("absurd sizes are refused, and the pool works on") {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  MemoryPool pool;
  for (const std::size_t size :
       {most, most - 1, most - 64, most - 4096, most / 2 + 1, most / 2, std::size_t{1} << 60}) {
    INFO(size);
    const auto from_pool = refusal([&] { pool.allocate(size); });
    CHECK(from_pool.code == ErrorCode::limit);
    CHECK(from_pool.says("memory: "));
    CHECK(refusal([&] { allocate_block(size); }).says("memory: "));
  }
  CHECK(pool.system_allocations() == 0);
  CHECK(pool.allocate(100) != nullptr);
}

TEST_CASE("a pool serves several threads") {
  MemoryPool pool;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&pool, t] {
        for (int i = 0; i < 500; ++i) {
          const auto block = pool.allocate(static_cast<std::size_t>(64 * (1 + i % 7)));
          std::memset(block.get(), t, 64);
        }
      });
  }
  CHECK(pool.system_allocations() <= 4 * 7);
}
