#include <agate/nn/conv/transformer_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* transformer_conv = "TransformerConv";

Index target_columns(const TransformerConvOptions& o) { return o.in_dst > 0 ? o.in_dst : o.in; }

Linear projection(const TransformerConvOptions& o, Index in, Random& random) {
  const Index width = check_sizes(transformer_conv, in, o.out, o.heads, o.edge_dim);
  return Linear({.in = in, .out = width}, random);
}

}  // namespace

TransformerConv::TransformerConv(const TransformerConvOptions& o, Random& random)
    : lin_key(projection(o, o.in, random)),
      lin_query(projection(o, target_columns(o), random)),
      lin_value(projection(o, o.in, random)),
      options_(o) {
  const Index width = o.heads * o.out, out = o.concat ? width : o.out;
  if (o.edge_dim > 0) lin_edge.emplace(LinearOptions{o.edge_dim, width, false}, random);
  if (!o.root_weight) return;
  lin_skip.emplace(LinearOptions{target_columns(o), out, o.bias}, random);
  if (o.beta) lin_beta.emplace(LinearOptions{3 * out, 1, false}, random);
}

Var TransformerConv::operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                                const AttentionArgs& args) const {
  const auto& o = options_;
  check_nodes(transformer_conv, graph, x_src, o.in, x_dst, target_columns(o));
  ScaledDotScore score{.query = lin_query(x_dst), .key = lin_key(x_src), .heads = o.heads};
  AttendOptions how{
      .dropout = o.dropout,
      .return_weights = args.weights != nullptr,
      .message_weights = weights_of_attended(transformer_conv, graph, graph, args.message_weights)};
  if (const auto e = message_attr(transformer_conv, graph, o.edge_dim, "mean", args))
    score.edge = how.edge_values = (*lin_edge)(*e);
  Attended result = attend(score, graph, lin_value(x_src), how);
  if (args.weights) *args.weights = std::move(result.weights);
  const Var collected = o.concat ? result.output : mean_heads(result.output, o.heads);
  if (!lin_skip) return collected;
  const Var root = (*lin_skip)(x_dst);
  if (!lin_beta) return add(collected, root);
  const Var difference = subtract(root, collected);
  const Var gate = sigmoid((*lin_beta)(concat({collected, root, scale(difference, -1)})));
  return add(collected, scale_rows(difference, gate));
}

void TransformerConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  lin_key.visit_parameters(prefix + "lin_key.", visit);
  lin_query.visit_parameters(prefix + "lin_query.", visit);
  lin_value.visit_parameters(prefix + "lin_value.", visit);
  if (lin_edge) lin_edge->visit_parameters(prefix + "lin_edge.", visit);
  if (lin_skip) lin_skip->visit_parameters(prefix + "lin_skip.", visit);
  if (lin_beta) lin_beta->visit_parameters(prefix + "lin_beta.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
