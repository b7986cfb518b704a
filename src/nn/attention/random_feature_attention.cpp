#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/attention/random_feature_attention.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/normalization.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/scale_columns.hpp>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

const RandomFeatureAttentionOptions& checked(const RandomFeatureAttentionOptions& o) {
  check(o.embed_dim >= 1 && o.num_heads >= 1 && o.num_features >= 1, ErrorCode::value,
        "RandomFeatureAttention: embed_dim = ", o.embed_dim, ", num_heads = ", o.num_heads,
        ", num_features = ", o.num_features, ", expected at least 1");
  check(o.embed_dim % o.num_heads == 0, ErrorCode::value,
        "RandomFeatureAttention: embed_dim = ", o.embed_dim,
        " cannot be shared among num_heads = ", o.num_heads);
  return o;
}

Tensor draw(const RandomFeatureAttentionOptions& o, Random& random) {
  return draw_projection(o.num_heads, o.num_features, o.embed_dim / o.num_heads, o.orthogonal,
                         random);
}

// The random numbers of one operation of a pass, one after the other.
Random sequence(const RandomKey& key) {
  const auto words = key.block(0);
  return Random((std::uint64_t{words[0]} << 32) | words[1]);
}

}  // namespace

RandomFeatureAttention::RandomFeatureAttention(const RandomFeatureAttentionOptions& options,
                                               Random& random)
    : in_proj_weight{glorot_uniform({3 * checked(options).embed_dim, options.embed_dim},
                                    options.embed_dim, 3 * options.embed_dim, random)},
      in_proj_bias{Tensor::zeros({3 * options.embed_dim})},
      scale{Tensor::full({options.num_heads, options.embed_dim / options.num_heads}, 1)},
      projection{draw(options, random), false},
      out_proj({.in = options.embed_dim, .out = options.embed_dim}, random),
      options_(options) {
  out_proj.bias->value.fill(0);
  if (options.gated)
    gate.emplace(LinearOptions{.in = options.embed_dim, .out = options.num_heads}, random);
}

// x times one of the three parts of the weight: of queries, of keys, of values.
Var RandomFeatureAttention::project(const Features& x, Index part) const {
  const Index width = options_.embed_dim;
  check(x.cols() == width, ErrorCode::shape, "RandomFeatureAttention: x has ", x.cols(),
        " columns, expected embed_dim = ", width);
  Tape& tape = x.tape();
  return add_bias(linear(x, third(tape.parameter(in_proj_weight), part)),
                  third(tape.parameter(in_proj_bias), part));
}

Var RandomFeatureAttention::unit_scaled(const Var& x) const {
  const Index heads = options_.num_heads;
  const Var unit = normalize(reshape(x, {x.rows() * heads, x.cols() / heads}));
  return scale_columns(reshape(unit, x.shape()), x.tape().parameter(scale));
}

Var RandomFeatureAttention::operator()(const Support& support, const Features& x,
                                       const Features& memory) const {
  const auto& o = options_;
  Tape& tape = x.tape();
  const Var query = unit_scaled(project(x, 0)), key = unit_scaled(project(memory, 1));
  AttendOptions how{.random_features =
                        RandomFeatures{.kind = o.kind, .projection = projection.value}};
  if (tape.training()) {
    Random random = sequence(tape.next_random());
    how.random_features->projection = draw(o, random);
  }
  if (gate) how.random_features->gate = (*gate)(memory);
  const Score score = o.kind == FeatureKind::gaussian
                          ? Score(GaussianScore{query, key, o.num_heads})
                          : Score(DotScore{query, key, o.num_heads});
  return out_proj(attend(score, support, project(memory, 2), how).output);
}

// Those of evaluation.
Tensor RandomFeatureAttention::features(const Var& x, Index part) const {
  return random_features(unit_scaled(project(x, part)), projection.value, options_.kind).value();
}

RandomFeatureAttention::Cache RandomFeatureAttention::start(Index sequences) const {
  const auto& o = options_;
  const Index parts = o.kind == FeatureKind::gaussian ? 2 : 1;
  return {sequences, o.num_heads, parts * o.num_features, o.embed_dim / o.num_heads};
}

Var RandomFeatureAttention::step(const Var& x, Cache& cache) const {
  cache.remember(features(x, 1), project(x, 2).value(), gate ? (*gate)(x).value() : Tensor());
  return recall(x, cache);
}

RandomFeatureAttention::Cache RandomFeatureAttention::remember(
    const Var& memory, std::span<const Index> offsets) const {
  check(!gate, ErrorCode::unsupported,
        "RandomFeatureAttention: a gate is for causal attention alone");
  Cache cache = start(std::ssize(offsets) - 1);
  cache.remember(features(memory, 1), project(memory, 2).value(), offsets);
  return cache;
}

Var RandomFeatureAttention::recall(const Var& x, const Cache& memory) const {
  return out_proj(x.tape().constant(memory.recall(features(x, 0))));
}

void RandomFeatureAttention::visit_parameters(const std::string& prefix,
                                              const ParameterVisitor& visit) {
  visit(prefix + "in_proj_weight", in_proj_weight);
  visit(prefix + "in_proj_bias", in_proj_bias);
  out_proj.visit_parameters(prefix + "out_proj.", visit);
  visit(prefix + "scale", scale);
  if (gate) gate->visit_parameters(prefix + "gate.", visit);
  visit(prefix + "projection", projection);
}

}  // namespace AGATE_NAMESPACE::nn
