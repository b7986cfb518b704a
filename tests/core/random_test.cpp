#include <agate/core/random.hpp>
#include <algorithm>
#include <numeric>
#include <vector>

#include "catch.hpp"

using namespace agate;

// Known answers of Random123's kat_vectors for philox4x32-10.
TEST_CASE("philox gives the published words") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox(0, {0, 0, 0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox(0xffffffffffffffffu, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox(0x299f31d0a4093822u, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random numbers have the moments of their distribution") {
  Random random(3);
  const int n = 100000;
  double sum = 0, squares = 0, uniform = 0;
  for (int i = 0; i < n; ++i) {
    const double z = random.normal();
    sum += z;
    squares += z * z;
    uniform += random.uniform();
  }
  CHECK(sum / n == Approx(0).margin(0.02));
  CHECK(squares / n == Approx(1).epsilon(0.02));
  CHECK(uniform / n == Approx(0.5).epsilon(0.01));
}

TEST_CASE("a shuffle is a permutation, and the same for the same seed") {
  std::vector<int> a(100), b(100);
  std::iota(a.begin(), a.end(), 0);
  b = a;
  const auto sorted = a;
  Random(7).shuffle<int>(a);
  Random(7).shuffle<int>(b);
  CHECK(a == b);
  CHECK(a != sorted);
  std::sort(b.begin(), b.end());
  CHECK(b == sorted);
}
