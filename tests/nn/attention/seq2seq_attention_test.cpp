// Bahdanau's and Luong's attention, written out by loops.
#include <agate/nn/attention/additive_attention.hpp>
#include <agate/nn/attention/luong_attention.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "nn/golden.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

// softmax of score(i, j) over all keys j, and the sum of the values by it.
struct PairsWrittenOut {
  Tensor weights, context;
};
PairsWrittenOut written_out(Index queries, const Tensor& values,
                            const std::function<double(Index, Index)>& score) {
  PairsWrittenOut result{Tensor::zeros({1, queries, values.rows()}),
                         Tensor::zeros({queries, values.cols()})};
  for (Index i = 0; i < queries; ++i) {
    double total = 0;
    for (Index j = 0; j < values.rows(); ++j) total += std::exp(score(i, j));
    for (Index j = 0; j < values.rows(); ++j) {
      const double a = std::exp(score(i, j)) / total;
      result.weights.row(i)[j] = Real(a);
      for (Index c = 0; c < values.cols(); ++c)
        result.context.row(i)[c] += Real(a * values.row(j)[c]);
    }
  }
  return result;
}

const Tensor queries = table::example({3, 4}, 1), keys = table::example({6, 5}, 2),
             square_keys = table::example({6, 4}, 3), values = table::example({6, 2}, 4);
const Support all = Support::all_pairs(3, 6);

Tensor run(const nn::LuongAttention& layer, const Tensor& q, const Tensor& k,
           const Support& support = all, const nn::PairArgs& args = {}) {
  Tape tape;
  return layer(tape.constant(q), tape.constant(k), support, args).value();
}

Tensor run(const nn::AdditiveAttention& layer, const Tensor& q, const Tensor& k, const Tensor& v,
           const Support& support = all, const nn::PairArgs& args = {}) {
  Tape tape;
  return layer(tape.constant(q), tape.constant(k), tape.constant(v), support, args).value();
}

constexpr Real not_a_number = std::numeric_limits<Real>::quiet_NaN();

}  // namespace

TEST_CASE("AdditiveAttention is Bahdanau's, written out") {
  Random random(2);
  const nn::AdditiveAttention layer({.query_dim = 4, .key_dim = 5, .hidden = 7}, random);
  const Tensor &W_q = layer.W_q.weight.value, &W_k = layer.W_k.weight.value,
               &w_v = layer.w_v.weight.value;
  const auto expected = written_out(3, values, [&](Index i, Index j) {
    double sum = 0;
    for (Index n = 0; n < 7; ++n)
      sum += w_v.data()[n] *
             std::tanh(dot(W_q.row(n), queries.row(i), 4) + dot(W_k.row(n), keys.row(j), 5));
    return sum;
  });
  Tensor weights;
  check_close(run(layer, queries, keys, values, all, {.weights = &weights}), expected.context,
              "context");
  check_close(weights, expected.weights, "weights");

  Tape tape;
  const Var projected = layer.W_k(tape.constant(keys));
  check_close(
      layer.with_projected_keys(tape.constant(queries), projected, tape.constant(values), all)
          .value(),
      expected.context, "with projected keys");
}

TEST_CASE("AdditiveAttention has the paper's parameters") {
  Random random(2);
  const nn::AdditiveAttention layer({.query_dim = 4, .key_dim = 5, .hidden = 7}, random);
  std::vector<std::string> found;
  for (const auto& [name, parameter] : layer.parameters())
    found.push_back(name + " " + parameter->value.shape().to_string());
  CHECK(found ==
        std::vector<std::string>{"W_q.weight 7 x 4", "W_k.weight 7 x 5", "w_v.weight 1 x 7"});
}

TEST_CASE("the scores of LuongAttention, written out") {
  Random random(2);
  auto check = [&](const nn::LuongAttentionOptions& options, const Tensor& k,
                   const std::function<double(const nn::LuongAttention&, Index, Index)>& score) {
    const nn::LuongAttention layer(options, random);
    const auto expected = written_out(3, k, [&](Index i, Index j) { return score(layer, i, j); });
    Tensor weights;
    check_close(run(layer, queries, k, all, {.weights = &weights}), expected.context, "context");
    check_close(weights, expected.weights, "weights");
  };
  check({.query_dim = 4}, square_keys,
        [](const auto&, Index i, Index j) { return dot(queries.row(i), square_keys.row(j), 4); });
  check({.query_dim = 4, .key_dim = 5, .score = nn::LuongScore::general}, keys,
        [](const auto& layer, Index i, Index j) {
          double sum = 0;
          for (Index c = 0; c < 4; ++c)
            sum += queries.row(i)[c] * dot(layer.W_a->weight.value.row(c), keys.row(j), 5);
          return sum;
        });
  check({.query_dim = 4, .key_dim = 5, .score = nn::LuongScore::concat, .hidden = 7}, keys,
        [](const auto& layer, Index i, Index j) {
          double sum = 0;
          for (Index n = 0; n < 7; ++n) {
            const Real* w = layer.W_a->weight.value.row(n);
            sum += layer.v_a->weight.value.data()[n] *
                   std::tanh(dot(w, queries.row(i), 4) + dot(w + 4, keys.row(j), 5));
          }
          return sum;
        });
}

TEST_CASE("the attentional vector of LuongAttention, written out") {
  Random random(2);
  const nn::LuongAttention layer(
      {.query_dim = 4, .key_dim = 5, .score = nn::LuongScore::general, .attentional = 3}, random);
  nn::LuongAttention context({.query_dim = 4, .key_dim = 5, .score = nn::LuongScore::general},
                             random);
  context.W_a->weight.value = layer.W_a->weight.value;
  const Tensor c = run(context, queries, keys), h = run(layer, queries, keys);
  Tensor expected = Tensor::zeros({3, 3});
  for (Index i = 0; i < 3; ++i)
    for (Index n = 0; n < 3; ++n) {
      const Real* w = layer.W_c->weight.value.row(n);
      expected.row(i)[n] = Real(std::tanh(dot(w, c.row(i), 5) + dot(w + 5, queries.row(i), 4)));
    }
  check_close(h, expected, "attentional vector");
}

TEST_CASE("in a batch, a decoder looks at its own sentence only") {
  const std::vector<Index> query_offsets{0, 1, 3}, key_offsets{0, 4, 6};
  const auto support = Support::segments(query_offsets, key_offsets);
  auto rows = [](const Tensor& x, Index begin, Index end) {
    return Tensor::from({end - begin, x.cols()},
                        x.values().subspan(begin * x.cols(), (end - begin) * x.cols()));
  };
  Random random(2);
  const nn::LuongAttention luong(
      {.query_dim = 4, .key_dim = 5, .score = nn::LuongScore::concat, .attentional = 3}, random);
  const nn::AdditiveAttention additive({.query_dim = 4, .key_dim = 5, .hidden = 7}, random);
  Tensor spoilt = keys.clone();
  spoilt.row(5)[1] = not_a_number;
  for (int b = 0; b < 2; ++b) {
    const Index q0 = query_offsets[b], q1 = query_offsets[b + 1], k0 = key_offsets[b],
                k1 = key_offsets[b + 1];
    const auto own = Support::all_pairs(q1 - q0, k1 - k0);
    check_close(rows(run(luong, queries, keys, support), q0, q1),
                run(luong, rows(queries, q0, q1), rows(keys, k0, k1), own), "Luong");
    check_close(rows(run(additive, queries, keys, values, support), q0, q1),
                run(additive, rows(queries, q0, q1), rows(keys, k0, k1), rows(values, k0, k1), own),
                "Bahdanau");
    const Tensor by_luong = run(luong, queries, spoilt, support),
                 by_additive = run(additive, queries, spoilt, values, support);
    for (Index i = q0; i < q1; ++i) {
      for (Index c = 0; c < 3; ++c) CHECK(std::isnan(by_luong.row(i)[c]) == (b == 1));
      for (Index c = 0; c < 2; ++c) CHECK(std::isnan(by_additive.row(i)[c]) == (b == 1));
    }
  }
}

TEST_CASE("Luong's and Bahdanau's attention refuse what does not fit") {
  Random random(2);
  CHECK(refusal([&] {
          nn::LuongAttention({.query_dim = 4, .key_dim = 5}, random);
        }).says("the score dot needs equal columns, query_dim = 4, key_dim = 5"));
  CHECK(refusal([&] { nn::LuongAttention({}, random); }).says("query_dim = 0"));
  CHECK(refusal([&] {
          nn::AdditiveAttention({.query_dim = 4, .key_dim = 5}, random);
        }).says("hidden = 0, expected at least 1"));
  const nn::LuongAttention luong({.query_dim = 4}, random);
  CHECK(refusal([&] {
          run(luong, keys, square_keys);
        }).says("queries has 5 columns, expected query_dim = 4"));
  CHECK(
      refusal([&] { run(luong, queries, keys); }).says("keys has 5 columns, expected key_dim = 4"));
  const nn::AdditiveAttention additive({.query_dim = 4, .key_dim = 5, .hidden = 7}, random);
  CHECK(refusal([&] {
          run(additive, queries, queries, values);
        }).says("AdditiveAttention: keys has 4 columns, expected key_dim = 5"));
  CHECK(refusal([&] {
          run(additive, keys, keys, values);
        }).says("AdditiveAttention: queries has 5 columns, expected query_dim = 4"));
  CHECK(
      refusal([&] { run(additive, queries, keys, queries); }).says("3 rows of values for 6 keys"));
}
