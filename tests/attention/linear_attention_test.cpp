#include <agate/attention/linear_attention.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

constexpr Index heads = 2, features = 6, channels = 3;

struct LinearInputs {
  Tensor queries, keys, values, gate;
};

// Features of both signs, of which those of queries and keys agree more often than not.
LinearInputs inputs(Index queries, Index keys) {
  LinearInputs in{table::example({queries, heads * features}, 0),
                  table::example({keys, heads * features}, 1),
                  table::example({keys, heads * channels}, 2), table::example({keys, heads}, 3)};
  for (Real& v : in.queries.values()) v += 1;
  for (Real& v : in.keys.values()) v += 1;
  return in;
}

Tensor run(const LinearInputs& in, const Support& support, bool gated, Real eps = Real(1e-3)) {
  Tape tape;
  const auto gate = gated ? std::optional(tape.constant(in.gate)) : std::nullopt;
  return linear_attention(tape.constant(in.queries), tape.constant(in.keys),
                          tape.constant(in.values), heads, support, {gate, eps})
      .value();
}

// What is remembered of one head, position by position.
struct Memory {
  double state[features][channels + 1] = {};

  void write(const LinearInputs& in, Index key, Index head, bool gated) {
    const double g = 1 / (1 + std::exp(-double(in.gate.row(key)[head])));
    for (Index f = 0; f < features; ++f)
      for (Index c = 0; c <= channels; ++c) {
        const double v = c < channels ? in.values.row(key)[head * channels + c] : 1;
        const double added = in.keys.row(key)[head * features + f] * v;
        state[f][c] = gated ? g * state[f][c] + (1 - g) * added : state[f][c] + added;
      }
  }
  std::vector<double> read(const LinearInputs& in, Index query, Index head, double eps) const {
    double sums[channels + 1] = {};
    for (Index f = 0; f < features; ++f)
      for (Index c = 0; c <= channels; ++c)
        sums[c] += in.queries.row(query)[head * features + f] * state[f][c];
    const double d = sums[channels];
    const double divisor = std::abs(d) >= eps ? d : std::copysign(eps, d);
    std::vector<double> out;
    for (Index c = 0; c < channels; ++c) out.push_back(sums[c] / divisor);
    return out;
  }
};

// By the recursion, over the blocks of the support.
void check_against_recursion(const LinearInputs& in, const Support& support, bool gated, Real eps) {
  const Tensor got = run(in, support, gated, eps);
  for (const Support::Block& b : support.blocks())
    for (Index head = 0; head < heads; ++head) {
      Memory memory;
      Index next = b.key_begin;
      for (Index i = b.query_begin; i < b.query_end; ++i) {
        const Index end =
            b.causal ? std::min(b.key_end, b.key_begin + i - b.query_begin + 1) : b.key_end;
        for (; next < end; ++next)
          if (support.padding().empty() || !support.padding()[std::size_t(next)])
            memory.write(in, next, head, gated);
        const auto expected = memory.read(in, i, head, eps);
        for (Index c = 0; c < channels; ++c)
          CHECK(got.row(i)[head * channels + c] == Approx(expected[c]).epsilon(2e-3).margin(1e-4));
      }
    }
}

}  // namespace

TEST_CASE("linear attention is the recursion, step by step") {
  for (const bool causal : {false, true})
    for (const auto& [name, support] : table::dense_supports(causal))
      for (const bool gated : {false, true}) {
        if (gated && !causal) continue;
        INFO(name << (causal ? ", causal" : "") << (gated ? ", gated" : ""));
        const LinearInputs in = inputs(support.num_queries(), support.num_keys());
        for (const Real eps : {Real(0.5), Real(20)})
          check_against_recursion(in, support, gated, eps);
      }
}

TEST_CASE("gates that are open or shut, and long sequences, lose no digits") {
  const Index n = 1000;
  LinearInputs in = inputs(n, n);
  for (Real& v : in.queries.values()) v = std::abs(v);
  for (Real& v : in.keys.values()) v = std::abs(v);
  const Real infinity = std::numeric_limits<Real>::infinity();
  for (Index s = 0; s < n; ++s)
    for (Index h = 0; h < heads; ++h)
      in.gate.row(s)[h] = s % 300 == 200 ? -infinity : s % 5 ? Real(8) : Real(-200) * h;
  check_against_recursion(in, Support::causal(n, n), true, Real(1e-6));
}

TEST_CASE("a query without keys gets zero from linear attention") {
  const LinearInputs in = inputs(4, 4);
  const Tensor y = run(in, Support::causal(4, 4).without_keys({1, 1, 0, 0}), true);
  for (Index i = 0; i < 4; ++i)
    for (Index c = 0; c < heads * channels; ++c) CHECK((y.row(i)[c] == 0) == (i < 2));
}

TEST_CASE("NaN comes out of linear attention in exactly the rows and heads that see it") {
  const Index n = 300, node = 170;
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (const bool gated : {false, true})
    for (const bool in_key : {false, true}) {
      LinearInputs in = inputs(n, n);
      (in_key ? in.keys.row(node)[features] : in.values.row(node)[channels]) = nan;
      const Tensor y = run(in, Support::causal(n, n), gated);
      for (Index i = 0; i < n; ++i)
        for (Index c = 0; c < heads * channels; ++c)
          CHECK(std::isnan(y.row(i)[c]) == (i >= node && (in_key ? c >= channels : c == channels)));
      std::vector<std::uint8_t> padding(n);
      padding[node] = 1;
      const Tensor without = run(in, Support::causal(n, n).without_keys(padding), gated);
      for (const Real v : without.values()) CHECK(!std::isnan(v));
    }
}

TEST_CASE("linear attention that is worth several threads gives the same bits with any number") {
  const Index many = 8, wide = 32, narrow = 16;
  for (const bool causal : {false, true}) {
    const Index n = causal ? 700 : 2500;
    const Support support = causal ? Support::causal(n, n) : Support::all_pairs(n, n);
    auto run_with = [&](int threads) {
      Tape tape({.threads = threads});
      std::vector<Var> v;
      for (const Index cols : {many * wide, many * wide, many * narrow, many})
        v.push_back(tape.variable(table::example({n, cols}, static_cast<std::uint32_t>(cols))));
      LinearAttentionOptions options;
      if (causal) options.gate = v[3];
      const Var y = linear_attention(v[0], v[1], v[2], many, support, options);
      tape.backward(y, table::example(y.shape(), 9));
      std::vector<Tensor> all{y.value()};
      for (const Var& x : v) all.push_back(tape.gradient(x));
      return all;
    };
    const auto one = run_with(1);
    for (const int threads : {2, 5}) {
      const auto several = run_with(threads);
      for (std::size_t k = 0; k < one.size(); ++k)
        CHECK(std::ranges::equal(one[k].values(), several[k].values()));
    }
  }
}

TEST_CASE("memory of linear attention grows with the length, not with its square") {
  std::size_t largest[2];
  for (int k = 0; k < 2; ++k) {
    const Index n = 4096 << k;
    Tape tape;
    std::vector<Var> v;
    for (const Index cols : {heads * features, heads * features, heads * channels, heads})
      v.push_back(tape.variable(table::example({n, cols}, 0)));
    const Var y = linear_attention(v[0], v[1], v[2], heads, Support::causal(n, n), {.gate = v[3]});
    tape.backward(y, Tensor::full(y.shape(), 1));
    largest[k] = tape.pool().largest_allocation();
    CHECK(largest[k] <= sizeof(Real) * std::size_t(n * heads * features) * 9 / 8);
  }
  CHECK(largest[1] <= 2 * largest[0]);
}

TEST_CASE("what linear attention cannot do is refused") {
  const LinearInputs in = inputs(4, 4);
  CHECK(refusal([&] { run(in, table::example_graph(4), false); }).code == ErrorCode::unsupported);
  CHECK(
      refusal([&] { run(in, Support::all_pairs(4, 4), true); }).says("expected a causal support"));
  CHECK(refusal([&] { run(in, Support::all_pairs(3, 4), false); }).says("4 rows of phi_q for 3"));
  CHECK(refusal([&] { run(in, Support::all_pairs(4, 5), false); }).says("4 rows of phi_k for 5"));
  CHECK(refusal([&] { run(in, Support::causal(4, 4), false, 0); }).says("eps = 0"));
  LinearInputs other = in;
  other.keys = Tensor::zeros({4, 10});
  CHECK(refusal([&] { run(other, Support::causal(4, 4), false); }).says("10 of phi_k"));
  other = in;
  other.values = Tensor::zeros({4, 5});
  CHECK(refusal([&] { run(other, Support::causal(4, 4), false); }).says("5 columns of values"));
  other = in;
  other.gate = Tensor::zeros({4, 3});
  CHECK(refusal([&] { run(other, Support::causal(4, 4), true); }).says("3 columns of gates"));
}
