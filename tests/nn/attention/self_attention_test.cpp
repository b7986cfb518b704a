#include <agate/nn/attention/cross_attention.hpp>
#include <agate/nn/attention/dot_product_attention.hpp>
#include <agate/nn/attention/self_attention.hpp>
#include <cmath>
#include <limits>

#include "nn/golden.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

Tensor transposed(const Tensor& x) {
  Tensor y = Tensor::zeros({x.cols(), x.rows()});
  for (Index i = 0; i < x.rows(); ++i)
    for (Index c = 0; c < x.cols(); ++c) y.row(c)[i] = x.row(i)[c];
  return y;
}

Tensor run(const nn::SelfAttention& layer, const Tensor& x, const Support& support) {
  Tape tape;
  return layer(tape.constant(x), support).value();
}

}  // namespace

TEST_CASE("I love NLP: the worked example, by hand") {
  const Tensor X = Tensor::from({3, 3}, {.1, .2, .3, .4, .5, .6, .7, .8, .9});
  const Tensor WK = Tensor::from({3, 3}, {.1, .3, .5, .2, .4, .6, .3, .5, .7});
  Random random(1);
  nn::SelfAttention layer({.in = 3, .channels = 3, .bias = false}, random);
  // The example writes X W, a Linear holds the transpose.
  layer.query.weight.value = layer.value.weight.value = transposed(X);
  layer.key.weight.value = transposed(WK);

  // Of row 1: .1 * .1 + .2 * .4 + .3 * .7 = .30, .1 * .2 + .2 * .5 + .3 * .8 = .36, ...
  const Tensor Q = Tensor::from({3, 3}, {.30, .36, .42, .66, .81, .96, 1.02, 1.26, 1.50});
  // .1 * .1 + .2 * .2 + .3 * .3 = .14, .1 * .3 + .2 * .4 + .3 * .5 = .26, ...
  const Tensor K = Tensor::from({3, 3}, {.14, .26, .38, .32, .62, .92, .50, .98, 1.46});
  Tape tape;
  const Var x = tape.constant(X);
  check_close(layer.query(x).value(), Q, "Q");
  check_close(layer.key(x).value(), K, "K");
  check_close(layer.value(x).value(), Q, "V");

  // Q K^T: .30 * .14 + .36 * .26 + .42 * .38 = .2952, ...; each divided by sqrt(3) = 1.7320508.
  const Tensor products =
      Tensor::from({3, 3}, {.2952, .7056, 1.1160, .6678, 1.5966, 2.5254, 1.0404, 2.4876, 3.9348});
  const Tensor scores = Tensor::from(
      {3, 3}, {.170434, .407378, .644323, .385555, .921797, 1.458040, .600675, 1.436217, 2.271758});
  for (Index k = 0; k < 9; ++k)
    CHECK(scores.data()[k] == Approx(products.data()[k] / std::sqrt(3.0)).margin(1e-6));
  // exp of row 1: 1.185820, 1.502873, 1.904697, together 4.593390; 1.185820 / 4.593390 = .258158.
  const Tensor weights = Tensor::from(
      {3, 3}, {.258158, .327182, .414661, .177550, .303535, .518915, .115956, .267401, .616643});
  // .258158 * .30 + .327182 * .66 + .414661 * 1.02 = .716341, ...
  const Tensor output = Tensor::from({3, 3}, {.716341, .880426, 1.044511, .782891, .963614,
                                              1.144337, .840248, 1.035309, 1.230371});

  Tensor found;
  const auto all = Support::all_pairs(3, 3);
  check_close(layer(x, all, {.weights = &found}).value(), output, "output");
  check_close(found, weights, "weights");
  const nn::DotProductAttention attention;
  check_close(attention(tape.constant(Q), tape.constant(K), tape.constant(Q), all).value(), output,
              "without a layer");
}

TEST_CASE("CrossAttention is DotProductAttention of its projections") {
  Random random(2);
  const nn::CrossAttention layer({.in = 5, .in_context = 4, .channels = 3, .heads = 2, .out = 7},
                                 random);
  const nn::DotProductAttention attention({.heads = 2});
  Tape tape;
  const Var x = tape.constant(table::example({6, 5}, 1)),
            context = tape.constant(table::example({9, 4}, 2));
  const auto support = Support::causal(6, 9);
  Tensor weights, expected_weights;
  const Tensor y = layer(x, context, support, {.weights = &weights}).value();
  const Var inner = attention(layer.query(x), layer.key(context), layer.value(context), support,
                              {.weights = &expected_weights});
  check_close(y, (*layer.out)(inner).value(), "output");
  check_close(weights, expected_weights, "weights");
  CHECK(weights.shape() == Shape{2, 6, 9});
}

TEST_CASE("the scale of DotProductAttention is the option's") {
  Tape tape;
  const Tensor q = table::example({4, 6}, 1), k = table::example({5, 6}, 2);
  const Var v = tape.constant(table::example({5, 2}, 3));
  const auto all = Support::all_pairs(4, 5);
  Tensor doubled = q.clone();
  for (Real& one : doubled.values()) one *= 2;
  const nn::DotProductAttention plain({.scale = 1}), twice({.scale = 2});
  check_close(twice(tape.constant(q), tape.constant(k), v, all).value(),
              plain(tape.constant(doubled), tape.constant(k), v, all).value(), "scale 2");
}

TEST_CASE("SelfAttention gives each segment, and causally each prefix, what it gives it alone") {
  Random random(2);
  const nn::SelfAttention layer({.in = 5, .channels = 3, .heads = 2, .out = 4}, random);
  const Tensor x = table::example({9, 5}, 1);
  const std::vector<Index> offsets{0, 4, 4, 9};
  for (const bool causal : {false, true}) {
    const Tensor y = run(layer, x, Support::segments(offsets, causal));
    for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
      const Index n = offsets[b + 1] - offsets[b];
      const Tensor own = part(x, offsets[b], offsets[b + 1]);
      check_close(part(y, offsets[b], offsets[b + 1]),
                  run(layer, own, causal ? Support::causal(n, n) : Support::all_pairs(n, n)),
                  "segment");
    }
  }
  const Tensor whole = run(layer, x, Support::causal(9, 9));
  for (Index n = 1; n < 9; ++n)
    check_close(run(layer, part(x, 0, n), Support::causal(n, n)), part(whole, 0, n), "prefix");
}

TEST_CASE("SelfAttention takes sparse rows and graphs") {
  Random random(2);
  const nn::SelfAttention layer({.in = 11, .channels = 3, .heads = 2}, random);
  const SparseMatrix sparse = table::example_sparse(9, 11);
  Tensor dense = Tensor::zeros({9, 11});
  for (Index i = 0; i < 9; ++i)
    for (Index k = sparse.offsets()[i]; k < sparse.offsets()[i + 1]; ++k)
      dense.row(i)[sparse.columns()[k]] = sparse.values()[k];
  Tape tape;
  const auto all = Support::all_pairs(9, 9);
  const Tensor expected = run(layer, dense, all);
  check_close(layer(Features(tape, sparse), all).value(), expected, "sparse rows");
  check_close(run(layer, dense, all.to_graph()), expected, "the complete graph");
}

TEST_CASE("NaN in a row comes out of SelfAttention where the row is seen") {
  Random random(2);
  const nn::SelfAttention layer({.in = 5, .channels = 3, .heads = 2, .out = 4}, random);
  Tensor x = table::example({6, 5}, 1);
  x.row(3)[0] = std::numeric_limits<Real>::quiet_NaN();
  const Tensor y = run(layer, x, Support::causal(6, 6));
  for (Index i = 0; i < 6; ++i)
    for (Index c = 0; c < 4; ++c) CHECK(std::isnan(y.row(i)[c]) == (i >= 3));
}

TEST_CASE("the parameters of SelfAttention, and what it refuses") {
  Random random(2);
  std::vector<std::string> found;
  nn::SelfAttention layer({.in = 5, .channels = 3, .heads = 2, .out = 4}, random);
  for (const auto& [name, parameter] : layer.parameters())
    found.push_back(name + " " + parameter->value.shape().to_string());
  CHECK(found == std::vector<std::string>{"query.weight 6 x 5", "query.bias 6", "key.weight 6 x 5",
                                          "key.bias 6", "value.weight 6 x 5", "value.bias 6",
                                          "out.weight 4 x 6", "out.bias 4"});
  CHECK(refusal([&] {
          nn::SelfAttention({.in = 5}, random);
        }).says("SelfAttention: in = 5, channels = 0, heads = 1, expected at least 1"));
  CHECK(refusal([&] {
          nn::CrossAttention({.in = 5, .channels = 2, .out = -1}, random);
        }).says("CrossAttention: out = -1"));
  CHECK(refusal([&] {
          run(layer, Tensor::zeros({3, 4}), Support::all_pairs(3, 3));
        }).says("SelfAttention: x has 4 columns, expected in = 5"));
  CHECK(refusal([&] {
          run(layer, Tensor::zeros({3, 5}), Support::all_pairs(4, 4));
        }).says("3 queries for 4"));
  const nn::CrossAttention cross({.in = 5, .in_context = 3, .channels = 2}, random);
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({2, 5}));
  CHECK(refusal([&] {
          cross(x, x, Support::all_pairs(2, 2));
        }).says("CrossAttention: context has 5 columns, expected in_context = 3"));
}
