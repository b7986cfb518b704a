#include "attention/laws.hpp"

using namespace agate;

TEST_CASE("attention on the graph of all pairs equals dense attention, in double") {
  laws::check_sparse_is_dense(1e-10);
}

TEST_CASE("a batch of segments gives what each gives alone, in double") {
  laws::check_batch_is_each_alone(1e-10);
}
