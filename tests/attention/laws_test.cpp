#include "attention/laws.hpp"

#include "kernels/elementary.hpp"

using namespace agate;

TEST_CASE("attention on the graph of all pairs equals dense attention") {
  for (const bool simd : {true, false}) {
    kernels::set_simd(simd);
    laws::check_sparse_is_dense(1e-5);
  }
  kernels::set_simd(true);
}

TEST_CASE("a batch of segments gives what each gives alone") {
  laws::check_batch_is_each_alone(1e-5);
}
