#pragma once
/// \file
/// SelfAttention: the rows of a sequence ask each other.

#include <agate/nn/attention/cross_attention.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a SelfAttention.
struct SelfAttentionOptions {
  Index in = 0;        ///< columns of x
  Index channels = 0;  ///< of each head
  Index heads = 1;
  Index out = 0;     ///< columns after a last projection; 0: the heads side by side as they are
  bool bias = true;  ///< of all projections
  Real dropout = 0;  ///< on the attention weights
};

/// CrossAttention of x with itself: queries, keys and values all come from x. Parameters, shapes
/// and errors as there. Support::causal for a sequence that does not look ahead,
/// Support::segments for several sequences one after the other.
class SelfAttention : public CrossAttention {
 public:
  SelfAttention(const SelfAttentionOptions& o, Random& random)
      : CrossAttention("SelfAttention",
                       {.in = o.in,
                        .channels = o.channels,
                        .heads = o.heads,
                        .out = o.out,
                        .bias = o.bias,
                        .dropout = o.dropout},
                       random) {}

  Var operator()(const Features& x, const Support& support, const PairArgs& args = {}) const {
    return CrossAttention::operator()(x, x, support, args);
  }
};

}  // namespace AGATE_NAMESPACE::nn
