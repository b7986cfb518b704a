#pragma once
/// \file
/// The blocks of Lee et al., "Set Transformer: A Framework for Attention-based
/// Permutation-Invariant Neural Networks", ICML 2019, as PyTorch Geometric has them.

#include <agate/nn/attention/multihead_attention.hpp>
#include <agate/nn/norm/layer_norm.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct SetAttentionOptions {
  Index channels = 0;  ///< of all rows, a multiple of the heads
  Index heads = 1;
  bool layer_norm = true;
  Real dropout = 0;  ///< on the attention weights
};

/// h = LayerNorm(x + Multihead(x, y, y)),   MAB(x, y) = LayerNorm(h + ReLU(lin(h))).
///
/// x (queries x channels), y (keys x channels) -> queries x channels; a query without keys sees
/// nothing and stays finite. Parameters: `attn.*` (those of MultiheadAttention), `lin.*`,
/// `layer_norm1.*`, `layer_norm2.*`. Error(shape) when x or y does not fit.
class MultiheadAttentionBlock : public Module {
 public:
  MultiheadAttentionBlock(const SetAttentionOptions& options, Random& random);

  Var operator()(const Var& x, const Var& y, const Support& support,
                 const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  MultiheadAttention attn;
  Linear lin;
  std::optional<LayerNorm> layer_norm1, layer_norm2;
};

/// SAB(x) = MAB(x, x). Parameters `mab.*`.
class SetAttentionBlock : public Module {
 public:
  SetAttentionBlock(const SetAttentionOptions& options, Random& random) : mab(options, random) {}

  Var operator()(const Var& x, const Support& support) const { return mab(x, x, support); }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  MultiheadAttentionBlock mab;
};

/// PMA(y) = MAB(S, ReLU(lin(y))) with learned seeds S, for each segment of the rows of y by itself.
///
/// y (rows x channels), segment b being the rows offsets[b] to offsets[b + 1] - 1 -> segments *
/// num_seed_points x channels, the rows of a segment one after the other. Parameters: `seed` (1,
/// num_seed_points, channels), which starts uniform by Glorot, `lin.*`, `mab.*`.
class PoolingByMultiheadAttention : public Module {
 public:
  PoolingByMultiheadAttention(const SetAttentionOptions& options, Index num_seed_points,
                              Random& random);

  Var operator()(const Var& y, std::span<const Index> offsets, const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  Index num_seed_points() const { return seed.value.rows(); }

  Parameter seed;
  Linear lin;
  MultiheadAttentionBlock mab;
};

}  // namespace AGATE_NAMESPACE::nn
