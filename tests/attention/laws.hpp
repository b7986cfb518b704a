#pragma once
// The laws of attention, for random sizes and every score, values and gradients: checked in float
// (laws_test.cpp) and in double (laws_f64.cpp).

#include <agate/attention/attend.hpp>
#include <functional>

#include "catch.hpp"
#include "operation_table.hpp"

namespace AGATE_NAMESPACE::laws {

// Inputs of one attention: values, then what the score takes.
using Inputs = std::vector<Tensor>;
using MakeScore = std::function<Score(const std::vector<Var>&)>;

struct Case {
  std::string name;
  std::vector<Shape> shapes;  // of values, then of what the score takes
  std::vector<bool> of_keys;  // which of them have one row for each key; others have none or one
                              // for each query
  std::vector<bool> of_queries;
  MakeScore score;
};

inline std::vector<Case> cases(Index queries, Index keys, Index heads, Index channels,
                               Index score_channels) {
  const Index width = heads * score_channels;
  const Shape values{keys, heads * channels}, q{queries, width}, k{keys, width};
  const std::vector<bool> key_rows{true, false, true, false}, query_rows{false, true, false, false};
  using Vars = const std::vector<Var>&;
  auto mlp = [=](ScoreActivation activation) -> MakeScore {
    return [=](Vars v) {
      return AdditiveMlpScore{
          .query = v[1], .key = v[2], .vector = v[3], .heads = heads, .activation = activation};
    };
  };
  return {
      {"additive",
       {values, {queries, heads}, {keys, heads}},
       key_rows,
       query_rows,
       [](Vars v) {
         return AdditiveScore{v[1], v[2]};
       }},
      {"additive_mlp",
       {values, q, k, {width}},
       key_rows,
       query_rows,
       mlp(ScoreActivation::leaky_relu)},
      {"additive_mlp, tanh",
       {values, q, k, {width}},
       key_rows,
       query_rows,
       mlp(ScoreActivation::tanh)},
      {"dot",
       {values, q, k},
       key_rows,
       query_rows,
       [=](Vars v) {
         return DotScore{v[1], v[2], heads};
       }},
      {"scaled_dot",
       {values, q, k},
       key_rows,
       query_rows,
       [=](Vars v) {
         return ScaledDotScore{v[1], v[2], heads};
       }},
      {"general",
       {values, q, k, {width, score_channels}},
       key_rows,
       query_rows,
       [=](Vars v) {
         return GeneralScore{v[1], v[2], v[3], heads};
       }},
      {"cosine",
       {values, q, k, {1}},
       key_rows,
       query_rows,
       [=](Vars v) {
         return CosineScore{v[1], v[2], heads, v[3]};
       }},
      {"gaussian",
       {values, q, k},
       key_rows,
       query_rows,
       [=](Vars v) {
         return GaussianScore{v[1], v[2], heads, Real(1.5)};
       }},
  };
}

inline Inputs inputs_of(const Case& c) {
  Inputs inputs;
  for (std::size_t i = 0; i < c.shapes.size(); ++i) {
    inputs.push_back(table::example(c.shapes[i], static_cast<std::uint32_t>(i)));
    // Scores of about the same size, whatever the number of channels.
    if (i > 0)
      for (Real& x : inputs.back().values()) x *= Real(0.5);
  }
  return inputs;
}

// The output, and the gradients of all inputs for a fixed gradient of it.
struct Results {
  Tensor output;
  std::vector<Tensor> gradients;
};

inline Results run(const Case& c, const Support& support, const Inputs& inputs,
                   const Tensor& cotangent) {
  Tape tape;
  std::vector<Var> vars;
  for (const Tensor& t : inputs) vars.push_back(tape.variable(t));
  const Var y = attend(c.score(vars), support, vars[0]).output;
  tape.backward(y, cotangent);
  Results results{y.value(), {}};
  for (const Var& v : vars) results.gradients.push_back(tape.gradient(v));
  return results;
}

// Relative to the larger of 1 and the largest number.
inline double difference(const Tensor& a, const Tensor& b) {
  double most = 0, size = 1;
  for (Index i = 0; i < a.size(); ++i) {
    const double apart = std::abs(double(a.data()[i]) - double(b.data()[i]));
    if (std::isnan(apart)) return apart;
    most = std::max(most, apart);
    size = std::max(size, std::abs(double(b.data()[i])));
  }
  return most / size;
}

inline void check_same(const Results& a, const Results& b, double tolerance) {
  CHECK(difference(a.output, b.output) <= tolerance);
  for (std::size_t i = 0; i < a.gradients.size(); ++i) {
    INFO("gradient of input " << i);
    CHECK(difference(a.gradients[i], b.gradients[i]) <= tolerance);
  }
}

inline Tensor rows_of(const Tensor& t, Index begin, Index end) {
  return Tensor::from({end - begin, t.cols()},
                      t.values().subspan(static_cast<std::size_t>(begin * t.cols()),
                                         static_cast<std::size_t>((end - begin) * t.cols())));
}

// Attention on a dense support equals that on the graph of the same pairs.
inline void check_sparse_is_dense(double tolerance) {
  Random random(3);
  auto below = [&](Index n) { return static_cast<Index>(random.below(std::uint64_t(n))); };
  for (int round = 0; round < 12; ++round) {
    const Index queries = 1 + below(round < 10 ? 30 : 300), keys = 1 + below(queries + 20),
                heads = 1 + below(4), channels = 1 + below(9), score_channels = 1 + below(9);
    std::vector<std::uint8_t> padding(static_cast<std::size_t>(keys), 0);
    for (auto& p : padding) p = random.uniform() < 0.2;
    const Index half = keys / 2;
    const std::vector<Index> query_offsets{0, queries / 3, queries}, key_offsets{0, half, keys};
    const Support supports[] = {Support::all_pairs(queries, keys), Support::causal(queries, keys),
                                Support::segments(query_offsets, key_offsets),
                                Support::causal(queries, keys).without_keys(padding)};
    for (const Support& support : supports)
      for (const Case& c : cases(queries, keys, heads, channels, score_channels)) {
        INFO(c.name << ", " << queries << " x " << keys << ", heads " << heads << " x " << channels
                    << " by " << score_channels << ", support " << &support - supports);
        const Inputs inputs = inputs_of(c);
        const Tensor cotangent = table::example({queries, heads * channels}, 99);
        check_same(run(c, support, inputs, cotangent),
                   run(c, support.to_graph(), inputs, cotangent), tolerance);
      }
  }
}

// A batch of packed segments gives what each gives alone.
inline void check_batch_is_each_alone(double tolerance) {
  const std::vector<Index> offsets{0, 5, 6, 6, 19};
  const Index n = offsets.back(), heads = 2, channels = 3;
  for (const bool causal : {false, true})
    for (const Case& c : cases(n, n, heads, channels, 4)) {
      const Inputs inputs = inputs_of(c);
      const Tensor cotangent = table::example({n, heads * channels}, 99);
      const Results together = run(c, Support::segments(offsets, causal), inputs, cotangent);
      for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
        INFO(c.name << (causal ? ", causal" : "") << ", segment " << b);
        const Index begin = offsets[b], end = offsets[b + 1], size = end - begin;
        Inputs own;
        for (std::size_t i = 0; i < inputs.size(); ++i)
          own.push_back(c.of_keys[i] || c.of_queries[i] ? rows_of(inputs[i], begin, end)
                                                        : inputs[i]);
        const Support alone = causal ? Support::causal(size, size) : Support::all_pairs(size, size);
        const Results single = run(c, alone, own, rows_of(cotangent, begin, end));
        CHECK(difference(rows_of(together.output, begin, end), single.output) <= tolerance);
        for (std::size_t i = 0; i < inputs.size(); ++i)
          if (c.of_keys[i] || c.of_queries[i])
            CHECK(difference(rows_of(together.gradients[i], begin, end), single.gradients[i]) <=
                  tolerance);
      }
    }
}

}  // namespace AGATE_NAMESPACE::laws
