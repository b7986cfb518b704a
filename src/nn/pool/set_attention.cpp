#include <agate/core/error.hpp>
#include <agate/nn/pool/set_attention.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/pool/seeds_support.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

// torch's xavier_uniform_ of a (1, points, channels) array.
Tensor initial_seed(Index points, Index channels, Random& random) {
  check(points >= 1 && channels >= 1, ErrorCode::value,
        "PoolingByMultiheadAttention: num_seed_points = ", points, ", channels = ", channels,
        ", expected at least 1");
  const Index fan_in = checked_product(points, channels, "num_seed_points * channels");
  return glorot_uniform({1, points, channels}, fan_in, channels, random);
}

// The seeds, once for each segment.
Var repeated(const Var& seed, Index segments) {
  const Index points = seed.rows();
  std::vector<Index> rows;
  for (Index k = 0; k < segments * points; ++k) rows.push_back(k % points);
  return gather_rows(seed, std::move(rows));
}

}  // namespace

MultiheadAttentionBlock::MultiheadAttentionBlock(const SetAttentionOptions& o, Random& random)
    : attn({.embed_dim = o.channels, .num_heads = o.heads, .dropout = o.dropout}, random),
      lin({.in = o.channels, .out = o.channels}, random) {
  if (!o.layer_norm) return;
  layer_norm1.emplace(LayerNormOptions{.in_channels = o.channels});
  layer_norm2.emplace(LayerNormOptions{.in_channels = o.channels});
}

Var MultiheadAttentionBlock::operator()(const Var& x, const Var& y, const Support& support,
                                        const PairArgs& args) const {
  auto normed = [](const Var& h, const std::optional<LayerNorm>& norm) {
    return norm ? (*norm)(h) : h;
  };
  const Var h = normed(add(attn(x, y, y, support, args), x), layer_norm1);
  return normed(add(h, relu(lin(h))), layer_norm2);
}

void MultiheadAttentionBlock::visit_parameters(const std::string& prefix,
                                               const ParameterVisitor& visit) {
  attn.visit_parameters(prefix + "attn.", visit);
  lin.visit_parameters(prefix + "lin.", visit);
  if (!layer_norm1) return;
  layer_norm1->visit_parameters(prefix + "layer_norm1.", visit);
  layer_norm2->visit_parameters(prefix + "layer_norm2.", visit);
}

void SetAttentionBlock::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  mab.visit_parameters(prefix + "mab.", visit);
}

PoolingByMultiheadAttention::PoolingByMultiheadAttention(const SetAttentionOptions& options,
                                                         Index num_seed_points, Random& random)
    : seed{initial_seed(num_seed_points, options.channels, random)},
      lin({.in = options.channels, .out = options.channels}, random),
      mab(options, random) {}

Var PoolingByMultiheadAttention::operator()(const Var& y, std::span<const Index> offsets,
                                            const PairArgs& args) const {
  const Support support =
      seeds_support("PoolingByMultiheadAttention", y.rows(), offsets, num_seed_points());
  const Var seeds = repeated(y.tape().parameter(seed), std::ssize(offsets) - 1);
  return mab(seeds, relu(lin(y)), support, args);
}

void PoolingByMultiheadAttention::visit_parameters(const std::string& prefix,
                                                   const ParameterVisitor& visit) {
  visit(prefix + "seed", seed);
  lin.visit_parameters(prefix + "lin.", visit);
  mab.visit_parameters(prefix + "mab.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
