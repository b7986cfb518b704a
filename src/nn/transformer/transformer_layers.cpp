#include <agate/core/error.hpp>
#include <agate/nn/transformer/transformer_layers.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

LayerAttention attention_of(const TransformerLayerOptions& o, bool causal, Random& random) {
  check(o.attention == "softmax" || o.attention == "rfa", ErrorCode::usage, "attention \"",
        o.attention, "\" is not known: softmax or rfa");
  if (o.attention == "softmax")
    return {MultiheadAttentionOptions{
                .embed_dim = o.d_model, .num_heads = o.nhead, .dropout = o.dropout},
            random};
  return {RandomFeatureAttentionOptions{.embed_dim = o.d_model,
                                        .num_heads = o.nhead,
                                        .num_features = o.num_features,
                                        .kind = o.features,
                                        .orthogonal = o.orthogonal,
                                        .gated = o.gated && causal},
          random};
}

LayerNorm norm_of(const TransformerLayerOptions& o) {
  return LayerNorm({.in_channels = o.d_model, .eps = o.layer_norm_eps});
}

/// x and what `part` makes of it, with the norm before the one or after the sum.
template <class Part>
Var beside(const TransformerLayerOptions& o, const LayerNorm& norm, const Var& x,
           const Part& part) {
  if (o.norm_first) return add(x, dropout(part(norm(x)), o.dropout));
  return norm(add(x, dropout(part(x), o.dropout)));
}

}  // namespace

FeedForward::FeedForward(const TransformerLayerOptions& options, Random& random)
    : options_(options),
      linear1_({.in = options.d_model, .out = options.dim_feedforward}, random),
      linear2_({.in = options.dim_feedforward, .out = options.d_model}, random) {
  check_activation("FeedForward", options.activation);
}

Var FeedForward::operator()(const Var& x) const {
  return linear2_(dropout(activation(options_.activation, linear1_(x)), options_.dropout));
}

void FeedForward::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  linear1_.visit_parameters(prefix + "linear1.", visit);
  linear2_.visit_parameters(prefix + "linear2.", visit);
}

TransformerEncoderLayer::TransformerEncoderLayer(const TransformerLayerOptions& options,
                                                 Random& random)
    : options_(options),
      self_attn_(attention_of(options, false, random)),
      feed_forward_(options, random),
      norm1_(norm_of(options)),
      norm2_(norm_of(options)) {}

Var TransformerEncoderLayer::operator()(const Var& x, const Support& support,
                                        const PairArgs& args) const {
  const Var y =
      beside(options_, norm1_, x, [&](const Var& h) { return self_attn_(h, h, support, args); });
  return beside(options_, norm2_, y, feed_forward_);
}

void TransformerEncoderLayer::visit_parameters(const std::string& prefix,
                                               const ParameterVisitor& visit) {
  self_attn_.visit_parameters(prefix + "self_attn.", visit);
  feed_forward_.visit_parameters(prefix, visit);
  norm1_.visit_parameters(prefix + "norm1.", visit);
  norm2_.visit_parameters(prefix + "norm2.", visit);
}

TransformerDecoderLayer::TransformerDecoderLayer(const TransformerLayerOptions& options,
                                                 Random& random)
    : options_(options),
      self_attn_(attention_of(options, true, random)),
      multihead_attn_(attention_of(options, false, random)),
      feed_forward_(options, random),
      norm1_(norm_of(options)),
      norm2_(norm_of(options)),
      norm3_(norm_of(options)) {}

Var TransformerDecoderLayer::operator()(const Var& x, const Var& memory, const Support& own,
                                        const Support& cross, const PairArgs& cross_args) const {
  const Var y = beside(options_, norm1_, x, [&](const Var& h) { return self_attn_(h, h, own); });
  const Var z = beside(options_, norm2_, y,
                       [&](const Var& h) { return multihead_attn_(h, memory, cross, cross_args); });
  return beside(options_, norm3_, z, feed_forward_);
}

TransformerDecoderLayer::State TransformerDecoderLayer::start(
    const Var& memory, std::span<const Index> memory_offsets) const {
  return {self_attn_.start(std::ssize(memory_offsets) - 1),
          multihead_attn_.remember(memory, memory_offsets)};
}

Var TransformerDecoderLayer::step(const Var& x, State& state) const {
  const Var y =
      beside(options_, norm1_, x, [&](const Var& h) { return self_attn_.step(h, state.own); });
  const Var z = beside(options_, norm2_, y,
                       [&](const Var& h) { return multihead_attn_.recall(h, state.cross); });
  return beside(options_, norm3_, z, feed_forward_);
}

void TransformerDecoderLayer::visit_parameters(const std::string& prefix,
                                               const ParameterVisitor& visit) {
  self_attn_.visit_parameters(prefix + "self_attn.", visit);
  multihead_attn_.visit_parameters(prefix + "multihead_attn.", visit);
  feed_forward_.visit_parameters(prefix, visit);
  norm1_.visit_parameters(prefix + "norm1.", visit);
  norm2_.visit_parameters(prefix + "norm2.", visit);
  norm3_.visit_parameters(prefix + "norm3.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
