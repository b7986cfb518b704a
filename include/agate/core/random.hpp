#pragma once
/// \file
/// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random
/// numbers: as easy as 1, 2, 3", SC'11).
///
/// A number is a pure function of (seed, counter), so a dropout mask is recomputed where it is
/// needed instead of being stored, and does not depend on the number of threads. The std::
/// distributions are not used: they differ between standard libraries.

#include <agate/core/config.hpp>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace AGATE_NAMESPACE {

/// Four independent 32-bit words for a 64-bit key and a 128-bit counter.
inline std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> c) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

/// The random numbers of one operation of one pass: word `i` depends on (seed, step, operation, i).
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  std::uint32_t operation = 0;

  /// The four words 4 * block .. 4 * block + 3.
  std::array<std::uint32_t, 4> block(std::uint64_t block) const {
    return philox(seed, {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                         operation, step});
  }
  /// Word i of the sequence.
  std::uint32_t word(std::uint64_t i) const { return block(i >> 2)[i & 3]; }
};

/// A sequence of random numbers for initialisation, shuffles and splits. Not thread-safe.
class Random {
 public:
  /// Streams of one seed are independent of each other and of every RandomKey of a tape.
  explicit Random(std::uint64_t seed, std::uint32_t stream = 0) : key_{seed, 0xFFFFFFFFu, stream} {}

  std::uint32_t word() {
    if (next_ == 0) words_ = key_.block(block_++);
    const std::uint32_t w = words_[next_];
    next_ = (next_ + 1) & 3;
    return w;
  }
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() {
    const std::uint64_t high = word() >> 5, low = word() >> 6;
    return static_cast<double>((high << 26) | low) * 0x1p-53;
  }
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal (Box-Muller).
  double normal() {
    const double u = 1.0 - uniform(), v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586476925 * v);
  }
  /// Uniform in [0, n) without bias; n must be positive.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % n;
    for (;;) {
      const std::uint64_t w = (std::uint64_t{word()} << 32) | word();
      if (w < limit) return w % n;
    }
  }
  /// Fisher-Yates.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  RandomKey key_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  unsigned next_ = 0;
};

}  // namespace AGATE_NAMESPACE
