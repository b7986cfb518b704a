#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/tensor/linear.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* gatv2_conv = "GATv2Conv";

Linear projection(const GATv2ConvOptions& o, Index in, Random& random) {
  const Index width = check_sizes(gatv2_conv, in, o.out, o.heads, o.edge_dim);
  return Linear({.in = in, .out = width, .bias = o.bias, .init = WeightInit::glorot}, random);
}

Index target_columns(const GATv2ConvOptions& o) { return o.in_dst > 0 ? o.in_dst : o.in; }

}  // namespace

GATv2Conv::GATv2Conv(const GATv2ConvOptions& o, Random& random)
    : lin_l(projection(o, o.in, random)), options_(o) {
  const Index width = o.heads * o.out, out = o.concat ? width : o.out, in_dst = target_columns(o);
  if (!o.share_weights) lin_r.emplace(projection(o, in_dst, random));
  att.value = glorot_uniform({1, o.heads, o.out}, o.out, o.heads, random);
  if (o.edge_dim > 0)
    edge_weight = Parameter{glorot_uniform({width, o.edge_dim}, o.edge_dim, width, random)};
  if (o.residual) res = Parameter{glorot_uniform({out, in_dst}, in_dst, out, random)};
  if (o.bias) bias = Parameter{Tensor::zeros({out})};
}

const Graph& GATv2Conv::attended_graph(const Graph& graph) const {
  return options_.add_self_loops && !graph.is_bipartite() ? graph.with_self_loops() : graph;
}

Var GATv2Conv::operator()(const Graph& graph, const Features& x, const AttentionArgs& args) const {
  if (options_.in_dst > 0) return (*this)(graph, x, x, args);
  check_nodes(gatv2_conv, graph, x, options_.in);
  const Var left = lin_l(x);
  return run(graph, left, lin_r ? (*lin_r)(x) : left, x, args);
}

Var GATv2Conv::operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                          const AttentionArgs& args) const {
  check_nodes(gatv2_conv, graph, x_src, options_.in, x_dst, target_columns(options_));
  return run(graph, lin_l(x_src), (lin_r ? *lin_r : lin_l)(x_dst), x_dst, args);
}

Var GATv2Conv::run(const Graph& graph, const Var& left, const Var& right, const Features& x_dst,
                   const AttentionArgs& args) const {
  const auto& o = options_;
  Tape& tape = left.tape();
  const Graph& attended = attended_graph(graph);
  AdditiveMlpScore score{.query = right,
                         .key = left,
                         .vector = tape.parameter(att),
                         .heads = o.heads,
                         .negative_slope = o.negative_slope};
  if (const auto e = message_attr(gatv2_conv, attended, o.edge_dim, o.fill_value, args))
    score.edge = linear(*e, tape.parameter(*edge_weight));
  Attended result = attend(
      score, attended, left,
      {.dropout = o.dropout,
       .return_weights = args.weights != nullptr,
       .message_weights = weights_of_attended(gatv2_conv, graph, attended, args.message_weights)});
  if (args.weights) *args.weights = std::move(result.weights);
  return finish(result.output, o.heads, o.concat, x_dst, res, bias);
}

void GATv2Conv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "att", att);
  if (bias) visit(prefix + "bias", *bias);
  lin_l.visit_parameters(prefix + "lin_l.", visit);
  if (lin_r) lin_r->visit_parameters(prefix + "lin_r.", visit);
  if (edge_weight) visit(prefix + "lin_edge.weight", *edge_weight);
  if (res) visit(prefix + "res.weight", *res);
}

}  // namespace AGATE_NAMESPACE::nn
