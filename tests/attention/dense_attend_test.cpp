#include <agate/attention/attend.hpp>
#include <agate/attention/quadratic_attention.hpp>

#include "attention/laws.hpp"

using namespace agate;

TEST_CASE("tiled attention equals the quadratic form") {
  const Index heads = 2;
  for (const bool causal : {false, true})
    for (auto [queries, keys] : {std::pair<Index, Index>{5, 7}, {300, 300}, {130, 520}}) {
      Tensor inputs[] = {table::example({queries, 2 * 8}, 0), table::example({keys, 2 * 8}, 1),
                         table::example({keys, 2 * 5}, 2)};
      const Tensor cotangent = table::example({queries, 2 * 5}, 3);
      laws::Results results[2];
      for (const bool tiled : {false, true}) {
        Tape tape;
        std::vector<Var> v;
        for (const Tensor& t : inputs) v.push_back(tape.variable(t));
        const Support support =
            causal ? Support::causal(queries, keys) : Support::all_pairs(queries, keys);
        const Var y = tiled ? attend(ScaledDotScore{v[0], v[1], heads}, support, v[2]).output
                            : quadratic_attention(v[0], v[1], v[2], heads, causal);
        tape.backward(y, cotangent);
        results[tiled].output = y.value();
        for (const Var& x : v) results[tiled].gradients.push_back(tape.gradient(x));
      }
      INFO(queries << " x " << keys << (causal ? ", causal" : ""));
      laws::check_same(results[1], results[0], 1e-5);
    }
}

TEST_CASE("memory of dense attention grows with the length, not with its square") {
  for (const Index length : {1000, 4000}) {
    Tape tape({.training = true});
    auto input = [&](std::uint32_t stream) {
      return tape.variable(table::example({length, 16}, stream));
    };
    const Var y = attend(ScaledDotScore{input(0), input(1), 2}, Support::all_pairs(length, length),
                         input(2), {.dropout = Real(0.1)})
                      .output;
    tape.backward(y, Tensor::full(y.shape(), 1));
    // Partial sums of the query gradients, for at most 8 groups of keys.
    CHECK(tape.pool().largest_allocation() <= sizeof(Real) * 8 * length * 16 * 9 / 8);
  }
}

TEST_CASE("weights of dense attention are those that it used, 0 where there is no pair") {
  const Index n = 140, keys = 300, heads = 2;
  Tape tape;
  const Var query = tape.constant(table::example({n, 6}, 0)),
            key = tape.constant(table::example({keys, 6}, 1)),
            values = tape.constant(table::example({keys, 4}, 2));
  const Attended got = attend(ScaledDotScore{query, key, heads}, Support::causal(n, keys), values,
                              {.return_weights = true});
  REQUIRE(got.weights.shape() == Shape{heads, n, keys});
  for (Index h = 0; h < heads; ++h)
    for (Index i = 0; i < n; ++i) {
      double sum = 0, expected[2] = {0, 0};
      for (Index j = 0; j < keys; ++j) {
        const double w = got.weights.row(h * n + i)[j];
        if (j > i) CHECK(w == 0);
        sum += w;
        for (Index c : {0, 1}) expected[c] += w * values.value().row(j)[2 * h + c];
      }
      CHECK(sum == Approx(1).margin(1e-5));
      for (Index c : {0, 1})
        CHECK(got.output.value().row(i)[2 * h + c] == Approx(expected[c]).margin(1e-5));
    }
}

TEST_CASE("a query without keys gets zero, and NaN reaches those alone that see it") {
  const std::vector<Index> queries{0, 2, 3}, keys{0, 0, 4};
  Tape tape;
  auto in = [&](Index rows, std::uint32_t stream) {
    return tape.constant(table::example({rows, 3}, stream));
  };
  const Tensor y =
      attend(ScaledDotScore{in(3, 0), in(4, 1)}, Support::segments(queries, keys), in(4, 2))
          .output.value();
  for (Index c = 0; c < 3; ++c) CHECK((y.row(0)[c] == 0 && y.row(1)[c] == 0 && y.row(2)[c] != 0));

  const Index n = 20, bad = 7;
  for (const bool in_key : {false, true}) {
    Tensor key = table::example({n, 3}, 1), values = table::example({n, 3}, 2);
    (in_key ? key : values).row(bad)[0] = std::nan("");
    const Tensor z = attend(ScaledDotScore{in(n, 0), tape.constant(key)}, Support::causal(n, n),
                            tape.constant(values))
                         .output.value();
    for (Index i = 0; i < n; ++i)
      for (Index c = 0; c < 3; ++c)
        CHECK(std::isnan(z.row(i)[c]) == (i >= bad && (in_key || c == 0)));
  }
}

TEST_CASE("combinations without meaning are refused in a sentence") {
  Tape tape;
  auto zeros = [&](Shape shape) { return tape.constant(Tensor::zeros(shape)); };
  const Support dense = Support::all_pairs(4, 5);
  const Var q = zeros({4, 6}), k = zeros({5, 6});
  CHECK(
      refusal([&] {
        attend(ScaledDotScore{.query = q, .key = k, .heads = 2, .edge = zeros({20, 6})}, dense, k);
      }).says("edge terms for each channel exist on graphs only"));
  CHECK(refusal([&] {
          attend(DotScore{q, k, 2}, dense, k, {.edge_values = zeros({20, 6})});
        }).says("edge values exist on graphs only"));
  CHECK(refusal([&] {
          attend(DotScore{q, k, 2}, dense, k, {.bias = zeros({3, 4, 5})});
        }).says("terms of pairs are 3 x 4 x 5, expected 4 x 5 or 2 x 4 x 5"));
  CHECK(refusal([&] {
          attend(AdditiveScore{zeros({4, 2}), zeros({5, 2})}, dense, k, {.bias = zeros({4, 5})});
        }).says("inside LeakyReLU"));
  CHECK(refusal([&] {
          attend(GeneralScore{q, k, zeros({6, 2}), 2}, dense, k);
        }).says("the weight of the general score is 6 x 2, expected 6 x 3"));
  CHECK(refusal([&] {
          attend(CosineScore{q, k, 2, zeros({2, 1})}, dense, k);
        }).says("expected one number or 4 x 2"));
  CHECK(refusal([&] { attend(GaussianScore{q, k, 2, 0}, dense, k); }).says("sigma = 0"));
  CHECK(refusal([&] {
          attend(DotScore{q, k, 2}, Support::all_pairs(3, 5), k);
        }).says("4 queries for 3 of the support"));
}
