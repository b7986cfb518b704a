#include <agate/nn/conv/gps_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/global_attention.hpp"
#include "nn/conv/graphs_support.hpp"

namespace AGATE_NAMESPACE::nn {

GPSConv::GPSConv(const GPSConvOptions& o, std::unique_ptr<GraphLayer> local, Random& random)
    : options_(o),
      local_(std::move(local)),
      attention_(make_global_attention(o.attn_type, o.channels, o.heads, o.attn_dropout, random)),
      widen_({.in = o.channels, .out = 2 * o.channels}, random),
      narrow_({.in = 2 * o.channels, .out = o.channels}, random),
      norm1_(local_ ? make_norm(o.norm, o.channels) : nullptr),
      norm2_(make_norm(o.norm, o.channels)),
      norm3_(make_norm(o.norm, o.channels)) {
  check_activation("GPSConv", o.act);
}

GPSConv::GPSConv(GPSConv&&) noexcept = default;
GPSConv& GPSConv::operator=(GPSConv&&) noexcept = default;
GPSConv::~GPSConv() = default;

Var GPSConv::feed_forward(const Var& x) const {
  const Var wide = dropout(activation(options_.act, widen_(x)), options_.dropout);
  return dropout(narrow_(wide), options_.dropout);
}

Var GPSConv::operator()(const Graph& graph, const Features& features,
                        const AttentionArgs& args) const {
  check_nodes("GPSConv", graph, features, options_.channels);
  check(!features.is_sparse(), ErrorCode::unsupported,
        "GPSConv: x is sparse, expected the dense output of another layer");
  check(local_ || !args.message_weights, ErrorCode::unsupported,
        "GPSConv: weights of messages without a local layer, which alone sends any");
  const Var& x = features.dense();
  auto beside_x = [&](const Var& h, const std::unique_ptr<Norm>& norm) {
    const Var sum = add(dropout(h, options_.dropout), x);
    return norm ? (*norm)(sum, args.offsets) : sum;
  };
  const Support all = graphs_support("GPSConv", x.rows(), args.offsets);
  Var h = beside_x((*attention_)(x, all), norm2_);
  if (local_) h = add(beside_x((*local_)(graph, x, args), norm1_), h);
  const Var y = add(h, feed_forward(h));
  return norm3_ ? (*norm3_)(y, args.offsets) : y;
}

const Graph& GPSConv::attended_graph(const Graph& graph) const {
  return local_ ? local_->attended_graph(graph) : graph;
}

void GPSConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (local_) local_->visit_parameters(prefix + "conv.", visit);
  attention_->visit_parameters(prefix + "attn.", visit);
  widen_.visit_parameters(prefix + "mlp.0.", visit);
  narrow_.visit_parameters(prefix + "mlp.3.", visit);
  if (norm1_) norm1_->visit_parameters(prefix + "norm1.", visit);
  if (norm2_) norm2_->visit_parameters(prefix + "norm2.", visit);
  if (norm3_) norm3_->visit_parameters(prefix + "norm3.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
