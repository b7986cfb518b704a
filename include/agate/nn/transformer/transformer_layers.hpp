#pragma once
/// \file
/// The layers of the Transformer: Vaswani et al., "Attention Is All You Need", NeurIPS 2017.

#include <agate/nn/linear.hpp>
#include <agate/nn/norm/layer_norm.hpp>
#include <agate/nn/transformer/layer_attention.hpp>
#include <string>

namespace AGATE_NAMESPACE::nn {

/// torch.nn.TransformerEncoderLayer's arguments, and what attention is to be.
struct TransformerLayerOptions {
  Index d_model = 0;  ///< columns, a multiple of nhead
  Index nhead = 1;
  Index dim_feedforward = 2048;
  Real dropout = Real(0.1);         ///< on weights of attention, in between, and on what is added
  std::string activation = "relu";  ///< relu or gelu, or another of activation_names()
  Real layer_norm_eps = Real(1e-5);
  bool norm_first = false;  ///< norms before attention and perceptron (pre-norm), not after the sum
  /// softmax, or rfa: random features (see RandomFeatureAttention), linear in the length and
  /// without dropout on weights.
  std::string attention = "softmax";
  Index num_features = 64;                       ///< rfa
  FeatureKind features = FeatureKind::gaussian;  ///< rfa
  bool orthogonal = false;                       ///< rfa: projections at right angles
  bool gated = false;                            ///< rfa: a recency gate where attention is causal
};

/// What stands at the end of every layer: linear2(dropout(activation(linear1(x)))), rows by
/// themselves. Parameters `linear1.*`, `linear2.*`.
class FeedForward : public Module {
 public:
  FeedForward(const TransformerLayerOptions& options, Random& random);
  Var operator()(const Var& x) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  TransformerLayerOptions options_;
  Linear linear1_, linear2_;
};

/// x -> norm1(x + attention(x)) -> norm2(x + feed forward(x)), or with norm_first x + attention(
/// norm1(x)), then x + feed forward(norm2(x)); dropout on what is added.
///
/// Rows of d_model columns; sequences are packed, and the support says which row attends to which
/// (Support::segments, causal or not). Parameters under torch's names: `self_attn.*`, `linear1.*`,
/// `linear2.*`, `norm1.*`, `norm2.*`. Error(shape) for other columns, Error(value) for sizes
/// without meaning.
class TransformerEncoderLayer : public Module {
 public:
  TransformerEncoderLayer(const TransformerLayerOptions& options, Random& random);
  Var operator()(const Var& x, const Support& support, const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  TransformerLayerOptions options_;
  LayerAttention self_attn_;
  FeedForward feed_forward_;
  LayerNorm norm1_, norm2_;
};

/// The same with attention to a memory between the two. Its parameters are `multihead_attn.*` and
/// `norm2.*`; the norm of the feed forward is then norm3. `own` is the support among the rows of x,
/// mostly causal; `cross` of x to memory. `cross_args` receives the weights of the attention to the
/// memory.
class TransformerDecoderLayer : public Module {
 public:
  TransformerDecoderLayer(const TransformerLayerOptions& options, Random& random);
  Var operator()(const Var& x, const Var& memory, const Support& own, const Support& cross,
                 const PairArgs& cross_args = {}) const;

  /// Position by position, outside training: row r of x is the next of sequence r. The state after
  /// the last position of all at once is that of the steps to rounding.
  struct State {
    AttentionCache own;
    AttentionMemory cross;
  };
  /// Before the first position: one sequence for each of those in the memory.
  State start(const Var& memory, std::span<const Index> memory_offsets) const;
  /// The next position of each sequence; see State.
  Var step(const Var& x, State& state) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  TransformerLayerOptions options_;
  LayerAttention self_attn_, multihead_attn_;
  FeedForward feed_forward_;
  LayerNorm norm1_, norm2_, norm3_;
};

}  // namespace AGATE_NAMESPACE::nn
