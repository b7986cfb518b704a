#include <agate/nn/attention/multihead_attention.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

TEST_CASE("gradients of MultiheadAttention agree with central differences") {
  const std::vector<Index> query_offsets{0, 2, 5}, key_offsets{0, 4, 6};
  const auto segments = Support::segments(query_offsets, key_offsets);
  const auto causal = Support::segments(query_offsets, key_offsets, true);
  struct Case {
    std::string name;
    Support support;
    nn::MultiheadAttentionOptions options;
    Shape mask{0};
  };
  for (const Case& c : std::vector<Case>{
           {"plain", segments, {.embed_dim = 6, .num_heads = 3}},
           {"causal with dropout", causal, {.embed_dim = 6, .num_heads = 2, .dropout = 0.3}},
           {"other keys and values, a mask",
            segments,
            {.embed_dim = 6, .num_heads = 2, .kdim = 4, .vdim = 5},
            {5, 6}},
           {"extra keys, a mask for each head",
            segments,
            {.embed_dim = 6, .num_heads = 2, .add_bias_kv = true, .add_zero_attn = true},
            {2, 5, 6}},
           {"without bias on a graph", segments.to_graph(), {.embed_dim = 6, .bias = false}}}) {
    Random random(4);
    nn::MultiheadAttention layer(c.options, random);
    const auto& o = layer.options();
    const Tensor query = table::example({5, o.embed_dim}, 1), key = table::example({6, o.kdim}, 2),
                 value = table::example({6, o.vdim}, 3), mask = table::example(c.mask, 4);
    const bool masked = c.mask.size() > 0;
    using Values = std::vector<Tensor>;
    LayerWithInputs all(layer,
                        masked ? Values{query, key, value, mask} : Values{query, key, value});
    check_gradients("MultiheadAttention, " + c.name, all, [&](Tape& tape) {
      nn::PairArgs args;
      if (masked) args.attn_mask = all.input(tape, 3);
      return layer(all.input(tape, 0), all.input(tape, 1), all.input(tape, 2), c.support, args);
    });
  }
}
