#pragma once
/// \file
/// MultiheadAttention: the attention of Vaswani et al., "Attention Is All You Need", NeurIPS 2017.

#include <agate/nn/attention/key_value_cache.hpp>
#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// torch.nn.MultiheadAttention's arguments.
struct MultiheadAttentionOptions {
  Index embed_dim = 0;         ///< columns of query and output, a multiple of num_heads
  Index num_heads = 1;         ///< which share embed_dim
  Real dropout = 0;            ///< on the attention weights
  bool bias = true;            ///< of all projections
  bool add_bias_kv = false;    ///< one more key and value for each segment, learned
  bool add_zero_attn = false;  ///< one more key and value for each segment, zero
  Index kdim = 0;              ///< columns of key; 0: embed_dim
  Index vdim = 0;              ///< columns of value; 0: embed_dim
};

/// Keys and values, projected.
struct ProjectedKeys {
  Var key, value;
};

/// With q = W_q x_i + b_q, k = W_k y_j + b_k, v = W_v z_j + b_v and, per head of d = embed_dim /
/// num_heads columns,
///   a(i, j) = softmax over the keys j of i of q . k / sqrt(d) [+ attn_mask(i, j)]
///   out_i   = out_proj(the sums over j of a(i, j) v, heads side by side).
///
/// query (queries x embed_dim), key (keys x kdim), value (keys x vdim) -> queries x embed_dim.
/// Sequences are packed: those of a batch follow one another, and the support says where each ends.
/// Parameters under torch's names and shapes: `in_proj_weight` (3 embed_dim, embed_dim), its thirds
/// W_q, W_k, W_v, or, where kdim or vdim is not embed_dim, `q_proj_weight`, `k_proj_weight`,
/// `v_proj_weight`; `in_proj_bias`, `bias_k`, `bias_v` (1, 1, embed_dim), `out_proj.*`. They start
/// as torch's do. Error(shape) for other columns, Error(value) for options without meaning.
///
/// add_bias_kv and add_zero_attn put their keys behind those of each segment, in this order: the
/// weights have these columns too. A key that no segment holds (padding by key_lengths) is left out
/// of them. They need a dense support, and one that is not causal (Error(unsupported) otherwise):
/// of a causal one every query would see a key that comes last.
class MultiheadAttention : public Module {
 public:
  MultiheadAttention(const MultiheadAttentionOptions& options, Random& random);

  Var operator()(const Features& query, const Features& key, const Features& value,
                 const Support& support, const PairArgs& args = {}) const {
    return recall(query, remember(key, value), support, args);
  }

  /// The same in two steps, for keys and values that many queries ask one after the other.
  using Memory = ProjectedKeys;
  /// The keys and values, projected.
  Memory remember(const Features& key, const Features& value) const;
  /// What queries find in them.
  Var recall(const Features& query, const Memory& memory, const Support& support,
             const PairArgs& args = {}) const;

  /// Causal self-attention one position after the other, outside training: row r of x is the next
  /// position of sequence r, sees itself and those before it in the cache, and joins them. The
  /// result is that of all positions at once to rounding. Error(shape) when rows or columns do not
  /// fit, Error(unsupported) with add_bias_kv or add_zero_attn.
  using Cache = KeyValueCache;
  /// The next position of each sequence; see Cache.
  Var step(const Var& x, Cache& cache) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const MultiheadAttentionOptions& options() const { return options_; }

  std::optional<Parameter> in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight;
  std::optional<Parameter> in_proj_bias, bias_k, bias_v;
  Linear out_proj;

 private:
  Var project(const Features& x, Index which) const;
  Var with_extra_keys(const Var& query, const Var& key, const Var& value, const Support& support,
                      PairArgs args) const;

  MultiheadAttentionOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
