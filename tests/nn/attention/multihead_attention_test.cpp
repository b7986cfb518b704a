#include <agate/nn/attention/multihead_attention.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "nn/golden.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

nn::MultiheadAttention multihead(const nn::MultiheadAttentionOptions& options) {
  Random random(3);
  nn::MultiheadAttention layer(options, random);
  for (auto& [name, parameter] : layer.parameters())
    if (name.find("bias") != std::string::npos)
      parameter->value = table::example(parameter->value.shape(), 8);
  return layer;
}

// y = W x + b for every row, with the rows [first, first + rows of y) of W and b.
std::vector<std::vector<double>> projected(const Tensor& x, const Tensor& weight,
                                           const Tensor& bias, Index first, Index columns) {
  std::vector<std::vector<double>> y;
  for (Index i = 0; i < x.rows(); ++i) {
    y.emplace_back();
    for (Index c = first; c < first + columns; ++c) {
      double sum = bias.data()[c];
      for (Index d = 0; d < x.cols(); ++d) sum += double(weight.row(c)[d]) * x.row(i)[d];
      y.back().push_back(sum);
    }
  }
  return y;
}

// One sequence, written out as torch's documentation has it. `mask` may be empty.
struct WrittenOut {
  std::vector<std::vector<std::vector<double>>> weights;  // heads, queries, keys
  Tensor output;
};
WrittenOut written_out(const nn::MultiheadAttention& layer, const Tensor& query, const Tensor& key,
                       const Tensor& value, const Tensor& mask) {
  const Index dim = layer.options().embed_dim, heads = layer.options().num_heads, d = dim / heads;
  const Tensor &w = layer.in_proj_weight->value, &b = layer.in_proj_bias->value;
  auto q = projected(query, w, b, 0, dim), k = projected(key, w, b, dim, dim),
       v = projected(value, w, b, 2 * dim, dim);
  if (layer.bias_k) {
    k.emplace_back(layer.bias_k->value.data(), layer.bias_k->value.data() + dim);
    v.emplace_back(layer.bias_v->value.data(), layer.bias_v->value.data() + dim);
  }
  if (layer.options().add_zero_attn) {
    k.emplace_back(dim, 0.0);
    v.emplace_back(dim, 0.0);
  }
  WrittenOut result;
  Tensor summed = Tensor::zeros({query.rows(), dim});
  for (Index h = 0; h < heads; ++h) {
    result.weights.emplace_back();
    for (Index i = 0; i < query.rows(); ++i) {
      std::vector<double> a;
      double total = 0;
      for (std::size_t j = 0; j < k.size(); ++j) {
        double score = 0;
        for (Index c = h * d; c < (h + 1) * d; ++c) score += q[i][c] * k[j][c];
        score /= std::sqrt(double(d));
        if (!mask.empty() && Index(j) < mask.cols()) score += mask.row(i)[j];
        a.push_back(std::exp(score));
        total += a.back();
      }
      for (double& one : a) one /= total;
      for (Index c = h * d; c < (h + 1) * d; ++c)
        for (std::size_t j = 0; j < k.size(); ++j) summed.row(i)[c] += Real(a[j] * v[j][c]);
      result.weights.back().push_back(std::move(a));
    }
  }
  const auto out =
      projected(summed, layer.out_proj.weight.value, layer.out_proj.bias->value, 0, dim);
  result.output = Tensor::zeros({query.rows(), dim});
  for (Index i = 0; i < query.rows(); ++i)
    for (Index c = 0; c < dim; ++c) result.output.row(i)[c] = Real(out[i][c]);
  return result;
}

Tensor run(const nn::MultiheadAttention& layer, const Tensor& query, const Tensor& key,
           const Tensor& value, const Support& support, const nn::PairArgs& args = {}) {
  Tape tape;
  return layer(tape.constant(query), tape.constant(key), tape.constant(value), support, args)
      .value();
}

std::vector<Index> equal_segments(Index count, Index length) {
  std::vector<Index> offsets;
  for (Index b = 0; b <= count; ++b) offsets.push_back(b * length);
  return offsets;
}

constexpr Real hidden = -std::numeric_limits<Real>::infinity();

}  // namespace

TEST_CASE("MultiheadAttention agrees with torch") {
  for (const std::string kind : {"cross", "causal"}) {
    INFO(kind);
    const Golden golden("MultiheadAttention_" + kind);
    auto layer =
        multihead({.embed_dim = golden.args["embed_dim"], .num_heads = golden.args["num_heads"]});
    const bool cross = kind == "cross";
    const auto queries = golden.tensor(cross ? "query" : "x").shape();
    const auto keys = cross ? golden.tensor("key").shape() : queries;
    const auto support = Support::segments(equal_segments(queries[0], queries[1]),
                                           equal_segments(keys[0], keys[1]), !cross);
    const auto names =
        cross ? std::vector<std::string>{"query", "key", "value"} : std::vector<std::string>{"x"};
    check_layer(golden, layer, names, [&](const std::vector<Var>& v) {
      return layer(v.front(), v[v.size() / 2], v.back(), support);
    });
  }
}

TEST_CASE("MultiheadAttention has torch's parameters and starts as torch's") {
  using Shapes = std::map<std::string, std::string>;
  auto shapes = [](const nn::MultiheadAttentionOptions& options) {
    Random random(1);
    nn::MultiheadAttention layer(options, random);
    Shapes found;
    for (auto& [name, parameter] : layer.parameters())
      found[name] = parameter->value.shape().to_string();
    return found;
  };
  CHECK(shapes({.embed_dim = 6, .num_heads = 2}) == Shapes{{"in_proj_weight", "18 x 6"},
                                                           {"in_proj_bias", "18"},
                                                           {"out_proj.weight", "6 x 6"},
                                                           {"out_proj.bias", "6"}});
  CHECK(shapes({.embed_dim = 6, .bias = false}) ==
        Shapes{{"in_proj_weight", "18 x 6"}, {"out_proj.weight", "6 x 6"}});
  CHECK(shapes({.embed_dim = 6, .add_bias_kv = true, .kdim = 4, .vdim = 5}) ==
        Shapes{{"q_proj_weight", "6 x 6"},
               {"k_proj_weight", "6 x 4"},
               {"v_proj_weight", "6 x 5"},
               {"in_proj_bias", "18"},
               {"bias_k", "1 x 1 x 6"},
               {"bias_v", "1 x 1 x 6"},
               {"out_proj.weight", "6 x 6"},
               {"out_proj.bias", "6"}});

  Random random(1);
  const nn::MultiheadAttention layer({.embed_dim = 24}, random);
  double most = 0;
  for (Real v : layer.in_proj_weight->value.values()) most = std::max(most, std::abs(double(v)));
  const double bound = std::sqrt(6.0 / (24 + 72));
  CHECK(most <= bound);
  CHECK(most > 0.95 * bound);
  for (Real v : layer.in_proj_bias->value.values()) CHECK(v == 0);
  for (Real v : layer.out_proj.bias->value.values()) CHECK(v == 0);
}

TEST_CASE("MultiheadAttention is what its formula says: masks, extra keys, weights") {
  const Tensor query = table::example({7, 6}, 1), key = table::example({9, 6}, 2),
               value = table::example({9, 6}, 3);
  const std::vector<Index> query_offsets{0, 4, 7}, key_offsets{0, 3, 9};
  for (const bool extra_bias : {false, true})
    for (const bool extra_zero : {false, true})
      for (const bool masked : {false, true}) {
        INFO("bias_kv " << extra_bias << ", zero " << extra_zero << ", mask " << masked);
        const auto layer = multihead({.embed_dim = 6,
                                      .num_heads = 2,
                                      .add_bias_kv = extra_bias,
                                      .add_zero_attn = extra_zero});
        Tensor mask = table::example({7, 9}, 4);
        mask.row(1)[2] = mask.row(5)[4] = hidden;
        Tape tape;
        Tensor weights, mean;
        nn::PairArgs args{.weights = &weights, .mean_weights = &mean};
        if (masked) args.attn_mask = tape.constant(mask);
        const Tensor y = layer(tape.constant(query), tape.constant(key), tape.constant(value),
                               Support::segments(query_offsets, key_offsets), args)
                             .value();
        const Index extra = extra_bias + extra_zero, columns = 9 + 2 * extra;
        REQUIRE(weights.shape() == Shape{2, 7, columns});
        REQUIRE(mean.shape() == Shape{7, columns});
        for (int b = 0; b < 2; ++b) {
          const Index q0 = query_offsets[b], q1 = query_offsets[b + 1], k0 = key_offsets[b],
                      k1 = key_offsets[b + 1];
          Tensor own_mask;
          if (masked) {
            own_mask = Tensor::zeros({q1 - q0, k1 - k0});
            for (Index i = q0; i < q1; ++i)
              std::copy_n(mask.row(i) + k0, k1 - k0, own_mask.row(i - q0));
          }
          const auto expected = written_out(layer, part(query, q0, q1), part(key, k0, k1),
                                            part(value, k0, k1), own_mask);
          check_close(part(y, q0, q1), expected.output, "output");
          for (Index i = q0; i < q1; ++i)
            for (Index j = 0; j < columns; ++j) {
              const Index at = j - k0 - b * extra;
              const bool sees = at >= 0 && at < k1 - k0 + extra;
              double sum = 0;
              for (Index h = 0; h < 2; ++h) {
                const double w = sees ? expected.weights[h][i - q0][at] : 0;
                CHECK(weights.data()[(h * 7 + i) * columns + j] == Approx(w).margin(1e-6));
                sum += w;
              }
              CHECK(mean.row(i)[j] == Approx(sum / 2).margin(1e-6));
            }
        }
      }
}

TEST_CASE("causal MultiheadAttention gives each prefix what it gives it alone") {
  const auto layer = multihead({.embed_dim = 6, .num_heads = 3});
  const Tensor x = table::example({8, 6}, 1);
  const Tensor whole = run(layer, x, x, x, Support::causal(8, 8));
  for (Index n = 1; n <= 8; ++n) {
    const Tensor prefix = part(x, 0, n);
    check_close(run(layer, prefix, prefix, prefix, Support::causal(n, n)), part(whole, 0, n),
                "prefix");
    // The last of a prefix sees all of it.
    check_close(run(layer, part(x, n - 1, n), prefix, prefix, Support::all_pairs(1, n)),
                part(whole, n - 1, n), "last");
  }
  Tensor mask = Tensor::zeros({8, 8});
  for (Index i = 0; i < 8; ++i) std::fill(mask.row(i) + i + 1, mask.row(i) + 8, hidden);
  Tape tape;
  check_close(run(layer, x, x, x, Support::all_pairs(8, 8), {.attn_mask = tape.constant(mask)}),
              whole, "causal as a mask");
}

TEST_CASE("MultiheadAttention does not see padding") {
  const Tensor x = table::example({10, 6}, 1);  // two sequences of 5, of which 3 and 5 count
  for (const bool extra : {false, true}) {
    const auto layer = multihead({.embed_dim = 6, .num_heads = 2, .add_bias_kv = extra});
    const Tensor first =
        run(layer, part(x, 0, 5), part(x, 0, 3), part(x, 0, 3), Support::all_pairs(5, 3));
    const Tensor second =
        run(layer, part(x, 5, 10), part(x, 5, 10), part(x, 5, 10), Support::all_pairs(5, 5));
    const std::vector<Index> lengths{3, 5};
    const std::vector<std::uint8_t> padding{0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
    for (const Support& support : {Support::key_lengths(5, 5, lengths),
                                   Support::segments(equal_segments(2, 5)).without_keys(padding)}) {
      const Tensor y = run(layer, x, x, x, support);
      check_close(part(y, 0, 5), first, "padded sequence");
      check_close(part(y, 5, 10), second, "whole sequence");
    }
  }
}

TEST_CASE("a query that sees no key gets zero, and then the bias of out_proj") {
  const auto layer = multihead({.embed_dim = 6, .num_heads = 2});
  const Tensor x = table::example({4, 6}, 1);
  Tensor mask = Tensor::zeros({4, 4});
  std::fill(mask.row(2), mask.row(2) + 4, hidden);
  Tape tape;
  const Tensor y =
      run(layer, x, x, x, Support::all_pairs(4, 4), {.attn_mask = tape.constant(mask)});
  check_close(part(y, 2, 3), layer.out_proj.bias->value, "all hidden");
  const std::vector<Index> lengths{0};
  check_close(part(run(layer, x, x, x, Support::key_lengths(4, 4, lengths)), 0, 1),
              layer.out_proj.bias->value, "no keys");
}

TEST_CASE("MultiheadAttention on a graph attends along its edges") {
  const auto layer = multihead({.embed_dim = 6, .num_heads = 2, .kdim = 4, .vdim = 5});
  const Tensor query = table::example({5, 6}, 1), key = table::example({7, 4}, 2),
               value = table::example({7, 5}, 3);
  Tensor on_pairs, on_graph;
  const Tensor dense =
      run(layer, query, key, value, Support::all_pairs(5, 7), {.mean_weights = &on_pairs});
  const Tensor sparse = run(layer, query, key, value, Support::all_pairs(5, 7).to_graph(),
                            {.mean_weights = &on_graph});
  check_close(sparse, dense, "output");
  REQUIRE(on_graph.shape() == Shape{35, 1});
  check_close(on_graph, on_pairs, "mean weights");
}

TEST_CASE("NaN in a row comes out of MultiheadAttention where the row is seen") {
  const auto layer = multihead({.embed_dim = 6, .num_heads = 2, .add_zero_attn = true});
  const std::vector<Index> offsets{0, 3, 8};
  Tensor x = table::example({8, 6}, 1);
  x.row(1)[2] = std::numeric_limits<Real>::quiet_NaN();
  const Tensor clean = table::example({8, 6}, 2);
  const Tensor by_query = run(layer, x, clean, clean, Support::segments(offsets));
  const Tensor by_key = run(layer, clean, x, clean, Support::segments(offsets));
  for (Index i = 0; i < 8; ++i)
    for (Index c = 0; c < 6; ++c) {
      CHECK(std::isnan(by_query.row(i)[c]) == (i == 1));
      CHECK(std::isnan(by_key.row(i)[c]) == (i < 3));
    }
}

TEST_CASE("MultiheadAttention refuses what does not fit") {
  auto made = [](const nn::MultiheadAttentionOptions& options) {
    return refusal([&] { multihead(options); });
  };
  CHECK(made({.embed_dim = 6, .num_heads = 4})
            .says("embed_dim = 6 cannot be shared among num_heads = 4"));
  CHECK(made({.embed_dim = 0}).code == ErrorCode::value);
  CHECK(made({.embed_dim = 6, .kdim = -1}).says("kdim = -1"));

  auto zeros = [](Index rows, Index cols) { return Tensor::zeros({rows, cols}); };
  const auto all = Support::all_pairs(3, 4);
  auto refused = [&](const nn::MultiheadAttentionOptions& options, const Tensor& q, const Tensor& k,
                     const Tensor& v, const Support& support, const nn::PairArgs& args = {}) {
    return refusal([&] { run(multihead(options), q, k, v, support, args); });
  };
  const nn::MultiheadAttentionOptions plain{.embed_dim = 6},
      extra{.embed_dim = 6, .add_zero_attn = true};
  CHECK(refused(plain, zeros(3, 5), zeros(4, 6), zeros(4, 6), all)
            .says("query has 5 columns, expected embed_dim = 6"));
  CHECK(refused(plain, zeros(3, 6), zeros(4, 7), zeros(4, 6), all)
            .says("key has 7 columns, expected kdim = 6"));
  CHECK(refused(plain, zeros(3, 6), zeros(4, 6), zeros(4, 1), all)
            .says("value has 1 columns, expected vdim = 6"));
  CHECK(refused(plain, zeros(2, 6), zeros(4, 6), zeros(4, 6), all).says("2 queries for 3"));
  CHECK(refused(extra, zeros(3, 6), zeros(4, 6), zeros(5, 6), all).says("5 values for 4 keys"));
  Tape tape;
  CHECK(refused(extra, zeros(3, 6), zeros(4, 6), zeros(4, 6), all,
                {.attn_mask = tape.constant(zeros(3, 5))})
            .says("attn_mask has 5 columns for 4 keys"));
  CHECK(refused(extra, zeros(4, 6), zeros(4, 6), zeros(4, 6), Support::causal(4, 4))
            .says("say what is hidden in attn_mask"));
  CHECK(refused(extra, zeros(3, 6), zeros(4, 6), zeros(4, 6), all.to_graph())
            .says("this one is a graph"));
}
