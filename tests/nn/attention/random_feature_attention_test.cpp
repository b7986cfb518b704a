#include <agate/nn/attention/random_feature_attention.hpp>
#include <array>

#include "catch.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

constexpr Index width = 6;

nn::RandomFeatureAttention layer(nn::RandomFeatureAttentionOptions options) {
  Random random(2);
  options.embed_dim = width;
  options.num_heads = 2;
  return {options, random};
}

Tensor evaluate(const nn::RandomFeatureAttention& attention, const Support& support,
                const Tensor& x, std::uint64_t seed = 0) {
  Tape tape({.record = false, .seed = seed});
  return attention(support, tape.constant(x)).value();
}

}  // namespace

TEST_CASE("RandomFeatureAttention draws anew in training and is fixed in evaluation") {
  const auto attention = layer({.num_features = 16});
  const Tensor x = table::example({9, width}, 0);
  const Support all = Support::all_pairs(9, 9);
  CHECK(difference(evaluate(attention, all, x, 1), evaluate(attention, all, x, 2)) == 0);
  auto train = [&](std::uint64_t seed, int steps) {
    Tape tape({.training = true, .seed = seed});
    for (int k = 0; k < steps; ++k) tape.reset();
    return attention(all, tape.constant(x)).value();
  };
  CHECK(difference(train(1, 0), train(1, 0)) == 0);
  CHECK(difference(train(1, 0), train(1, 1)) > 1e-4);
  CHECK(difference(train(1, 0), train(2, 0)) > 1e-4);
}

TEST_CASE("RandomFeatureAttention gives a batch what each sequence alone gets, and no look ahead") {
  const std::array<Index, 4> offsets{0, 4, 4, 9};
  const std::array<Index, 2> first{0, 4};
  for (const bool gated : {false, true})
    for (const FeatureKind kind : {FeatureKind::gaussian, FeatureKind::arc_cosine}) {
      const auto attention =
          layer({.num_features = 16, .kind = kind, .orthogonal = gated, .gated = gated});
      Tensor x = table::example({9, width}, 0);
      const Tensor both = evaluate(attention, Support::segments(offsets, gated), x);
      const Tensor alone = evaluate(attention, Support::segments(first, gated),
                                    Tensor::from({4, width}, x.values().first(4 * width)));
      for (Index i = 0; i < alone.size(); ++i)
        CHECK(both.data()[i] == Approx(alone.data()[i]).margin(1e-6));
      x.row(8)[0] += 1;
      const Tensor changed = evaluate(attention, Support::segments(offsets, gated), x);
      CHECK((changed.row(7)[0] == both.row(7)[0]) == gated);
    }
}

TEST_CASE("queries, keys and values of RandomFeatureAttention may come from elsewhere") {
  const auto attention = layer({});
  Tape tape;
  const Tensor x = table::example({5, width}, 0), memory = table::example({7, width}, 1);
  const Support cross = Support::all_pairs(5, 7);
  CHECK(attention(cross, tape.constant(x), tape.constant(memory)).shape() == Shape{5, width});
  CHECK(refusal([&] { attention(cross, tape.constant(x)); }).says("5 keys for 7"));
}

TEST_CASE("RandomFeatureAttention stands under torch's names, its projection as a buffer") {
  std::string names;
  for (const auto& [name, p] : layer({.gated = true}).parameters())
    names += name + (p->trainable ? " " : "* ") + p->value.shape().to_string() + "; ";
  CHECK(names ==
        "in_proj_weight 18 x 6; in_proj_bias 18; out_proj.weight 6 x 6; out_proj.bias 6; "
        "scale 2 x 3; gate.weight 2 x 6; gate.bias 2; projection* 2 x 64 x 3; ");
}

TEST_CASE("what RandomFeatureAttention cannot do is refused") {
  Random random(1);
  Tape tape;
  CHECK(refusal([&] {
          nn::RandomFeatureAttention({.embed_dim = 6, .num_heads = 4}, random);
        }).says("embed_dim = 6 cannot be shared among num_heads = 4"));
  CHECK(refusal([&] { nn::RandomFeatureAttention({.embed_dim = 0}, random); }).says("= 0"));
  const Var x = tape.constant(Tensor::zeros({4, width})),
            wide = tape.constant(Tensor::zeros({4, 7}));
  CHECK(refusal([&] { layer({})(Support::all_pairs(4, 4), wide); }).says("x has 7 columns"));
  CHECK(refusal([&] {
          layer({.gated = true})(Support::all_pairs(4, 4), x);
        }).says("expected a causal support"));
  CHECK(refusal([&] { layer({})(table::example_graph(4), x); }).code == ErrorCode::unsupported);
}
