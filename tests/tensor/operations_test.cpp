#include <cmath>
#include <cstring>

#include "catch.hpp"
#include "kernels/elementary.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

struct Outcome {
  Tensor output;
  std::vector<Tensor> gradients;
};

Outcome outcome(const table::Operation& row, int threads) {
  Tape tape({.training = true, .seed = 3, .threads = threads});
  std::vector<Var> vars;
  for (std::size_t i = 0; i < row.inputs.size(); ++i)
    vars.push_back(tape.variable(table::example(row.inputs[i], static_cast<std::uint32_t>(i))));
  const Var y = row.run(vars);
  tape.backward(y, table::example(y.shape(), 99));
  Outcome result{y.value(), {}};
  for (const Var& v : vars) result.gradients.push_back(tape.gradient(v));
  return result;
}

bool identical(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() &&
         (a.empty() || std::memcmp(a.data(), b.data(), sizeof(Real) * std::size_t(a.size())) == 0);
}

double entry_difference(const Tensor& a, const Tensor& b) {
  double worst = a.shape() == b.shape() ? 0 : INFINITY;
  for (Index i = 0; i < a.size(); ++i) {
    const double x = a.data()[i], y = b.data()[i];
    worst = std::max(worst, std::abs(x - y) / std::max({1.0, std::abs(x), std::abs(y)}));
  }
  return worst;
}

}  // namespace

TEST_CASE("every operation gives the same bits with any number of threads") {
  for (const auto& row : table::operations()) {
    INFO(row.name);
    const Outcome one = outcome(row, 1);
    for (int threads : {2, 3, 4, 8}) {
      const Outcome many = outcome(row, threads);
      CHECK(identical(one.output, many.output));
      for (std::size_t i = 0; i < one.gradients.size(); ++i)
        CHECK(identical(one.gradients[i], many.gradients[i]));
    }
  }
}

TEST_CASE("SIMD kernels agree with the scalar ones") {
  if (!kernels::simd()) {
    WARN("skipped: this build or CPU has no SIMD kernels");
    return;
  }
  for (const auto& row : table::operations()) {
    INFO(row.name);
    const Outcome simd = outcome(row, 1);
    kernels::set_simd(false);
    const Outcome scalar = outcome(row, 1);
    kernels::set_simd(true);
    CHECK(entry_difference(simd.output, scalar.output) < 1e-5);
    for (std::size_t i = 0; i < simd.gradients.size(); ++i)
      CHECK(entry_difference(simd.gradients[i], scalar.gradients[i]) < 2e-5);
  }
}
