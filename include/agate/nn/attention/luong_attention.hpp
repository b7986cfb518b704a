#pragma once
/// \file
/// LuongAttention: Luong, Pham, Manning, "Effective Approaches to Attention-based Neural Machine
/// Translation", EMNLP 2015, global attention.

#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// The scores of the paper, of a target state h_t and a source state h_s.
enum class LuongScore {
  dot,      ///< h_t . h_s
  general,  ///< h_t . W_a h_s
  concat,   ///< v_a . tanh(W_a [h_t; h_s])
};

/// Sizes and options of a LuongAttention.
struct LuongAttentionOptions {
  Index query_dim = 0;  ///< columns of queries, the target states
  Index key_dim = 0;    ///< columns of keys, the source states; 0: query_dim
  LuongScore score = LuongScore::dot;
  Index hidden = 0;       ///< rows of W_a in the score concat; 0: query_dim
  Index attentional = 0;  ///< columns of the attentional vector; 0: the context is given
  Real dropout = 0;       ///< on the attention weights
};

/// a(t, s) = softmax over the source states s of score(h_t, h_s), the context c_t = sum over s of
/// a(t, s) h_s, and, where asked for, the attentional vector tanh(W_c [c_t; h_t]).
///
/// queries (queries x query_dim), keys (keys x key_dim) -> queries x key_dim, or x attentional.
/// Parameters, without biases: `W_a.weight` (query_dim, key_dim) of general, or (hidden, query_dim
/// + key_dim) and `v_a.weight` (1, hidden) of concat; `W_c.weight` (attentional, key_dim +
/// query_dim). Error(value) for a dot of unequal columns, Error(shape) for other columns, and when
/// the rows do not fit the support.
class LuongAttention : public Module {
 public:
  LuongAttention(const LuongAttentionOptions& options, Random& random);

  Var operator()(const Var& queries, const Var& keys, const Support& support,
                 const PairArgs& args = {}) const;
  /// What the score has of the keys alone, which a decoder makes once, not in each of its steps: of
  /// concat the part of W_a [h_t; h_s] that is theirs, of dot and general the keys themselves.
  Var project_keys(const Var& keys) const;
  /// The same with project_keys applied before.
  Var with_projected_keys(const Var& queries, const Var& projected_keys, const Var& keys,
                          const Support& support, const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const LuongAttentionOptions& options() const { return options_; }

  std::optional<Linear> W_a, v_a, W_c;

 private:
  LuongAttentionOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
