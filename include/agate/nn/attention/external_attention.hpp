#pragma once
/// \file
/// ExternalAttention: Guo, Liu, Mu, Hu, "Beyond Self-attention: External Attention using Two Linear
/// Layers for Visual Tasks", TPAMI 2022.

#include <agate/nn/linear.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of an ExternalAttention.
struct ExternalAttentionOptions {
  Index embed_dim = 0;  ///< columns of x and of the output
  Index slots = 64;     ///< of the memories
};

/// A = softmax of x M_k^T over the rows of each segment, then each row divided by its sum over the
/// slots; y = A M_v^T. Linear in the rows: they meet in two memories learned, not each other.
/// Parameters `mk.weight` (slots, embed_dim) and `mv.weight` (embed_dim, slots). Error(shape) when
/// x has other columns or rows than embed_dim and the segments.
class ExternalAttention : public Module {
 public:
  ExternalAttention(const ExternalAttentionOptions& options, Random& random);

  /// Segment b are the rows offsets[b] to offsets[b + 1] - 1 of x.
  Var operator()(const Features& x, std::span<const Index> offsets) const;
  Var operator()(const Features& x) const;  ///< all rows are one segment

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Linear mk, mv;
};

}  // namespace AGATE_NAMESPACE::nn
