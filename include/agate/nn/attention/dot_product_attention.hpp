#pragma once
/// \file
/// DotProductAttention: attention by scaled dot products, with nothing to learn.

#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/module.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a DotProductAttention.
struct DotProductAttentionOptions {
  Index heads = 1;              ///< which share the columns
  std::optional<Real> scale{};  ///< 1 / sqrt(columns of a head) unless given
  Real dropout = 0;             ///< on the attention weights
};

/// Attention(Q, K, V) = softmax(Q K^T / sqrt(d)) V of each head of d columns (Vaswani et al.,
/// "Attention Is All You Need", NeurIPS 2017): torch's scaled_dot_product_attention on packed rows.
///
/// queries (queries x D), keys (keys x D), values (keys x C) -> queries x C. No parameters.
/// Error(shape) when rows, columns, heads and support do not fit each other.
class DotProductAttention : public Module {
 public:
  explicit DotProductAttention(const DotProductAttentionOptions& options = {})
      : options_(options) {}

  Var operator()(const Var& queries, const Var& keys, const Var& values, const Support& support,
                 const PairArgs& args = {}) const;
  void visit_parameters(const std::string&, const ParameterVisitor&) override {}

 private:
  DotProductAttentionOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
