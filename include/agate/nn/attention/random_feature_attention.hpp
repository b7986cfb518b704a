#pragma once
/// \file
/// RandomFeatureAttention: attention linear in the length, of Peng, Pappas, Yogatama, Schwartz,
/// Smith, Kong, "Random Feature Attention", ICLR 2021.

#include <agate/attention/linear_state.hpp>
#include <agate/attention/random_features.hpp>
#include <agate/attention/support.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a RandomFeatureAttention.
struct RandomFeatureAttentionOptions {
  Index embed_dim = 0;      ///< E, columns of the inputs and of the output
  Index num_heads = 1;      ///< which share them
  Index num_features = 64;  ///< D, projections of each head; gaussian features are 2 D numbers
  FeatureKind kind = FeatureKind::gaussian;
  bool orthogonal = false;  ///< projections at right angles
  bool gated = false;       ///< a learned recency gate, on causal supports
};

/// With q, k, v the projections of the inputs, q and k as long as 1 in each head and then times a
/// learned `scale`, channel by channel (which is that of the random projections):
///   y = out_proj(attend(q, k, v)),
/// attend with GaussianScore, or with DotScore for arc-cosine features, approximated by random
/// features. They are drawn anew in every training pass and fixed in evaluation. If gated, the gate
/// of a key is sigmoid(gate(x)), one for each head.
///
/// Parameters as in torch.nn.MultiheadAttention: `in_proj_weight` (3 E, E), `in_proj_bias` (3 E),
/// `out_proj.weight`, `out_proj.bias`; and `scale` (heads, E / heads), `gate.weight` (heads, E),
/// `gate.bias`; the buffer `projection` (heads, D, E / heads) is that of evaluation. Error(shape)
/// when inputs, support and embed_dim do not fit, Error(unsupported) for a graph, or for a gate
/// where queries see later keys.
class RandomFeatureAttention : public Module {
 public:
  RandomFeatureAttention(const RandomFeatureAttentionOptions& options, Random& random);

  /// x (n x E) attends to itself.
  Var operator()(const Support& support, const Features& x) const { return (*this)(support, x, x); }
  /// The queries come from x, keys and values from `memory`.
  Var operator()(const Support& support, const Features& x, const Features& memory) const;

  /// One position after the other, outside training, in memory that does not grow with the length:
  /// row r of x is the next position of sequence r. The result is that of all positions at once to
  /// rounding. `start`: before the first one.
  using Cache = LinearState;
  /// The state before the first position.
  Cache start(Index sequences) const;
  /// The next position of each sequence; see Cache.
  Var step(const Var& x, Cache& cache) const;

  /// The same for a memory that does not change: sequence b of it are the rows offsets[b] to
  /// offsets[b + 1] - 1, and row r of x asks sequence r. Error(unsupported) with a gate.
  Cache remember(const Var& memory, std::span<const Index> offsets) const;
  /// What row r of x finds in what was remembered of sequence r.
  Var recall(const Var& x, const Cache& memory) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const RandomFeatureAttentionOptions& options() const { return options_; }

  Parameter in_proj_weight, in_proj_bias, scale, projection;
  Linear out_proj;
  std::optional<Linear> gate;

 private:
  Var project(const Features& x, Index part) const;
  Var unit_scaled(const Var& x) const;
  Tensor features(const Var& x, Index part) const;

  RandomFeatureAttentionOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
