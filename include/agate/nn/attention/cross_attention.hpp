#pragma once
/// \file
/// CrossAttention: rows that ask rows of another kind.

#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a CrossAttention.
struct CrossAttentionOptions {
  Index in = 0;          ///< columns of x
  Index in_context = 0;  ///< columns of context; 0: in
  Index channels = 0;    ///< of each head
  Index heads = 1;
  Index out = 0;     ///< columns after a last projection; 0: the heads side by side as they are
  bool bias = true;  ///< of all projections
  Real dropout = 0;  ///< on the attention weights
};

/// Queries from x, keys and values from context (Vaswani et al., "Attention Is All You Need",
/// NeurIPS 2017, 3.2.3), per head of `channels` columns:
///   y = softmax(query(x) key(context)^T / sqrt(channels)) value(context)   [then out(y)].
///
/// x (queries x in), context (keys x in_context), dense or sparse -> queries x heads * channels, or
/// x out. Parameters `query.*`, `key.*`, `value.*`, `out.*`: a Linear each. Error(shape) for other
/// columns, and when the rows do not fit the support.
class CrossAttention : public Module {
 public:
  CrossAttention(const CrossAttentionOptions& options, Random& random)
      : CrossAttention("CrossAttention", options, random) {}

  Var operator()(const Features& x, const Features& context, const Support& support,
                 const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Linear query, key, value;
  std::optional<Linear> out;

 protected:
  CrossAttention(const char* name, const CrossAttentionOptions& options, Random& random);

 private:
  const char* name_;  // for messages
  Index heads_;
  Real dropout_;
};

}  // namespace AGATE_NAMESPACE::nn
