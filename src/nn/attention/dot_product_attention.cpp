#include <agate/nn/attention/dot_product_attention.hpp>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {

Var DotProductAttention::operator()(const Var& queries, const Var& keys, const Var& values,
                                    const Support& support, const PairArgs& args) const {
  const ScaledDotScore score{
      .query = queries, .key = keys, .heads = options_.heads, .scale = options_.scale};
  return attend_pairs(score, support, values, options_.dropout, args);
}

}  // namespace AGATE_NAMESPACE::nn
