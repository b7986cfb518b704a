#include <agate/core/error.hpp>
#include <agate/nn/pool/graph_multiset_transformer.hpp>

#include "nn/pool/seeds_support.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

SetAttentionOptions block(const GraphMultisetTransformerOptions& o) {
  check(o.k >= 1 && o.num_encoder_blocks >= 0, ErrorCode::value,
        "GraphMultisetTransformer: k = ", o.k, ", num_encoder_blocks = ", o.num_encoder_blocks,
        ", expected at least 1 and 0");
  return {
      .channels = o.channels, .heads = o.heads, .layer_norm = o.layer_norm, .dropout = o.dropout};
}

}  // namespace

GraphMultisetTransformer::GraphMultisetTransformer(const GraphMultisetTransformerOptions& o,
                                                   Random& random)
    : pma1(block(o), o.k, random), pma2(block(o), 1, random), options_(o) {
  for (Index l = 0; l < o.num_encoder_blocks; ++l) encoders.emplace_back(block(o), random);
}

Var GraphMultisetTransformer::operator()(const Var& x, std::span<const Index> offsets,
                                         Tensor* weights) const {
  check(x.cols() == options_.channels, ErrorCode::shape, "GraphMultisetTransformer: x has ",
        x.cols(), " columns, expected channels = ", options_.channels);
  Var h = pma1(x, offsets, {.weights = weights});
  const std::vector<Index> groups = seed_offsets(std::ssize(offsets) - 1, options_.k);
  const Support among_seeds = Support::segments(groups);
  for (const SetAttentionBlock& encoder : encoders) h = encoder(h, among_seeds);
  return pma2(h, groups);
}

void GraphMultisetTransformer::visit_parameters(const std::string& prefix,
                                                const ParameterVisitor& visit) {
  pma1.visit_parameters(prefix + "pma1.", visit);
  for (std::size_t l = 0; l < encoders.size(); ++l)
    encoders[l].visit_parameters(prefix + "encoders." + std::to_string(l) + ".", visit);
  pma2.visit_parameters(prefix + "pma2.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
