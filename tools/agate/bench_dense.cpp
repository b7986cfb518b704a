#include <agate/attention/attend.hpp>
#include <agate/attention/quadratic_attention.hpp>
#include <agate/tensor/linear.hpp>

#include "bench_passes.hpp"

namespace tool {
namespace {

using agate::Index;
using agate::Support;
using agate::Tape;
using agate::Tensor;
using agate::Var;

constexpr Index dense_heads = 8, dense_channels = 64, dense_width = dense_heads * dense_channels;

using Attention = std::function<Var(const Var& query, const Var& key, const Var& values)>;

Attention exact(const Support& support) {
  return [=](const Var& query, const Var& key, const Var& values) {
    return agate::attend(agate::ScaledDotScore{.query = query, .key = key, .heads = dense_heads},
                         support, values)
        .output;
  };
}

// 64 frequencies: 128 features, their sines and cosines.
Attention by_random_features(const Support& support) {
  agate::Random random(6);
  const agate::RandomFeatures how{
      .projection = agate::draw_projection(dense_heads, 64, dense_channels, false, random)};
  return [=](const Var& query, const Var& key, const Var& values) {
    return agate::attend(agate::GaussianScore{query, key, dense_heads, 4}, support, values,
                         {.random_features = how})
        .output;
  };
}

Attention quadratic(const Support&) {
  return [](const Var& query, const Var& key, const Var& values) {
    return agate::quadratic_attention(query, key, values, dense_heads);
  };
}

struct Series {
  std::string name;
  Attention (*attention)(const Support&);
  bool causal;
  std::vector<Index> lengths;
  bool exact;  // two products of all pairs forward, one of them again and four more backward
};

BenchRow row(const Series& s, Index n) {
  auto make = [=](int threads) {
    const Support support = s.causal ? Support::causal(n, n) : Support::all_pairs(n, n);
    return pass(
        threads, true,
        [attention = s.attention(support), x = random_tensor({n, dense_width})](Tape& tape) {
          // Each of their own, so that three gradients are asked for.
          return attention(tape.variable(x), tape.variable(x), tape.variable(x));
        });
  };
  const double pairs = static_cast<double>(n) * static_cast<double>(n) * (s.causal ? 0.5 : 1);
  return {.name = s.name + ", length " + std::to_string(n) + ", forward + backward",
          .make = make,
          .work = s.exact ? 7 * 2 * pairs * dense_width : 0,
          .unit = "FLOP",
          .series = s.name,
          .length = n,
          .from_scratch = [=](int threads, const std::function<void()>& ready) {
            const Workload work = make(threads);
            ready();
            for (int k = 0; k < 2; ++k) work.run();
          }};
}

}  // namespace

std::vector<BenchRow> dense_rows(bool large) {
  constexpr Index n = 2048;
  std::vector<BenchRow> rows{{.name = "matrix product 2048 x 2048 x 2048",
                              .make =
                                  [](int threads) {
                                    const Tensor a = random_tensor({n, n});
                                    return pass(threads, false, [=](Tape& tape) {
                                      return agate::matmul(tape.constant(a), tape.constant(a));
                                    });
                                  },
                              .work = 2.0 * n * n * n,
                              .unit = "FLOP",
                              .is_limit = true}};
  const std::vector<Index> exact_lengths{512, 1024, 2048, 4096};
  std::vector<Index> linear_lengths;
  for (Index length = 1024; length <= (large ? 65536 : 16384); length *= 2)
    linear_lengths.push_back(length);
  for (const Series& s :
       {Series{"dense attention", exact, false, exact_lengths, true},
        Series{"causal attention", exact, true, exact_lengths, true},
        Series{"quadratic attention", quadratic, false, exact_lengths, true},
        Series{"random features", by_random_features, false, linear_lengths, false},
        Series{"causal random features", by_random_features, true, linear_lengths, false}})
    for (const Index length : s.lengths) rows.push_back(row(s, length));
  return rows;
}

}  // namespace tool
