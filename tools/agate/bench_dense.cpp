#include <agate/attention/attend.hpp>
#include <agate/attention/quadratic_attention.hpp>
#include <agate/tensor/linear.hpp>

#include "bench_passes.hpp"

namespace tool {
namespace {

using agate::Index;
using agate::Tape;
using agate::Tensor;
using agate::Var;

constexpr Index heads = 8, channels = 64, width = heads * channels;

enum class Form { tiled, causal, quadratic };

auto self_attention(Index length, Form form) {
  return [=, x = random_tensor({length, width})](Tape& tape) {
    // Of their own, so that each of the three gradients is asked for.
    const Var query = tape.variable(x), key = tape.variable(x), values = tape.variable(x);
    if (form == Form::quadratic) return agate::quadratic_attention(query, key, values, heads);
    const auto support = form == Form::causal ? agate::Support::causal(length, length)
                                              : agate::Support::all_pairs(length, length);
    return agate::attend(agate::ScaledDotScore{.query = query, .key = key, .heads = heads}, support,
                         values)
        .output;
  };
}

BenchRow row(Index length, Form form) {
  const std::string name = form == Form::tiled    ? "dense attention"
                           : form == Form::causal ? "causal attention"
                                                  : "quadratic attention";
  // Two products forward; backward one of them again and four more.
  const double pairs = static_cast<double>(length) * static_cast<double>(length);
  const double work = 7 * 2 * pairs * width * (form == Form::causal ? 0.5 : 1);
  return {name + ", length " + std::to_string(length) + ", forward + backward",
          [=](int threads) { return pass(threads, true, self_attention(length, form)); },
          work,
          "FLOP",
          false,
          [=](int threads, const std::function<void()>& ready) {
            const auto forward = self_attention(length, form);
            ready();
            const Workload work_once = pass(threads, true, forward);
            for (int k = 0; k < 2; ++k) work_once.run();
          }};
}

}  // namespace

std::vector<BenchRow> dense_rows() {
  constexpr Index n = 2048;
  std::vector<BenchRow> rows{{"matrix product 2048 x 2048 x 2048",
                              [](int threads) {
                                return pass(threads, false, [a = random_tensor({n, n})](Tape& t) {
                                  return agate::matmul(t.constant(a), t.constant(a));
                                });
                              },
                              2.0 * n * n * n, "FLOP", true}};
  for (const Form form : {Form::tiled, Form::causal, Form::quadratic})
    for (const Index length : {512, 2048, 4096}) rows.push_back(row(length, form));
  return rows;
}

}  // namespace tool
