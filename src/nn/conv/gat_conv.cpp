#include <agate/core/error.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* gat_conv = "GATConv";

}  // namespace

GATConv::GATConv(const GATConvOptions& options, Random& random) : options_(options) {
  const auto& o = options_;
  const Index width = check_sizes(gat_conv, o.in, o.out, o.heads, o.edge_dim);
  const bool paper = o.init == GatInit::paper;
  auto projection = [&](Index in) {
    return glorot_uniform({width, in}, in, paper ? o.out : width, random);
  };
  weight.value = projection(o.in);
  if (o.in_dst > 0) weight_dst = Parameter{projection(o.in_dst)};
  // torch_geometric's glorot takes the last two extents of (1, heads, out) for the fans.
  auto attention = [&] {
    return glorot_uniform({1, o.heads, o.out}, o.out, paper ? 1 : o.heads, random);
  };
  att_src.value = attention();
  att_dst.value = attention();
  if (o.edge_dim > 0) {
    edge_weight = Parameter{projection(o.edge_dim)};
    att_edge = Parameter{attention()};
  }
  const Index out = o.concat ? width : o.out, in_dst = o.in_dst > 0 ? o.in_dst : o.in;
  if (o.residual) res = Parameter{glorot_uniform({out, in_dst}, in_dst, out, random)};
  if (o.bias) bias = Parameter{Tensor::zeros({out})};
  if (o.attention_bias) {
    att_src_bias = Parameter{Tensor::zeros({o.heads})};
    att_dst_bias = Parameter{Tensor::zeros({o.heads})};
  }
}

const Graph& GATConv::attended_graph(const Graph& graph) const {
  return options_.add_self_loops && !graph.is_bipartite() ? graph.with_self_loops() : graph;
}

Var GATConv::project(const Features& x, const Parameter& w) const {
  const Real p = options_.input_dropout;
  return linear(p > 0 ? dropout(x, p, options_.heads) : x, x.tape().parameter(w));
}

Var GATConv::operator()(const Graph& graph, const Features& x, const AttentionArgs& args) const {
  if (weight_dst) return (*this)(graph, x, x, args);
  check_nodes(gat_conv, graph, x, options_.in);
  const Var z = project(x, weight);
  return run(graph, z, z, x, args);
}

Var GATConv::operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                        const AttentionArgs& args) const {
  const auto& o = options_;
  check_nodes(gat_conv, graph, x_src, o.in, x_dst, o.in_dst > 0 ? o.in_dst : o.in);
  return run(graph, project(x_src, weight), project(x_dst, weight_dst ? *weight_dst : weight),
             x_dst, args);
}

Var GATConv::on_support(const Support& support, const Features& x, Tensor* weights) const {
  check(!edge_weight && !weight_dst, ErrorCode::unsupported, gat_conv,
        ": edge_dim = ", options_.edge_dim, " and in_dst = ", options_.in_dst,
        ", on a support both must be 0: its pairs have no features and its nodes are one set");
  check(x.cols() == options_.in, ErrorCode::shape, gat_conv, ": x has ", x.cols(),
        " columns, expected in = ", options_.in);
  const Var z = project(x, weight);
  return collect(score(z, z), support, z, x, weights);
}

bool GATConv::projects_sums() const {
  return options_.heads == 1 && options_.input_dropout == 0 && options_.value_dropout == 0;
}

GATConv::Sources GATConv::sources(const Var& x_src) const {
  check(x_src.cols() == options_.in, ErrorCode::shape, gat_conv, ": x_src has ", x_src.cols(),
        " columns, expected in = ", options_.in);
  if (projects_sums()) return {x_src, folded_score(x_src, weight, att_src, att_src_bias)};
  const Var z = project(x_src, weight);
  return {z, half_score(z, att_src, att_src_bias)};
}

Var GATConv::on_support(const Support& support, const Sources& from, const Var& x_dst,
                        Tensor* weights) const {
  const auto& o = options_;
  const Index in = o.in_dst > 0 ? o.in_dst : o.in;
  check(!edge_weight, ErrorCode::unsupported, gat_conv, ": edge_dim = ", o.edge_dim,
        ", on a support it must be 0: its pairs have no features");
  check(x_dst.cols() == in, ErrorCode::shape, gat_conv, ": x_dst has ", x_dst.cols(),
        " columns, expected in_dst = ", in);
  const Parameter& w_dst = weight_dst ? *weight_dst : weight;
  const auto terms = [&](const Var& target) {
    return AdditiveScore{
        .target = target, .source = from.score, .negative_slope = o.negative_slope};
  };
  if (!projects_sums())
    return collect(terms(half_score(project(x_dst, w_dst), att_dst, att_dst_bias)), support,
                   from.values, x_dst, weights);
  Attended sums = attend(terms(folded_score(x_dst, w_dst, att_dst, att_dst_bias)), support,
                         from.values, {.dropout = o.dropout, .return_weights = weights != nullptr});
  if (weights) *weights = std::move(sums.weights);
  return finish(project(sums.output, weight), 1, o.concat, x_dst, res, bias);
}

// att . (W x) = (att W) . x
Var GATConv::folded_score(const Var& x, const Parameter& w, const Parameter& att,
                          const std::optional<Parameter>& att_bias) const {
  Tape& tape = x.tape();
  const Var row = reshape(tape.parameter(att), {1, options_.out});
  const Var s = head_dot(x, matmul(row, tape.parameter(w)), 1);
  return att_bias ? add_bias(s, tape.parameter(*att_bias)) : s;
}

Var GATConv::half_score(const Var& z, const Parameter& att,
                        const std::optional<Parameter>& att_bias) const {
  const Var s = head_dot(z, z.tape().parameter(att), options_.heads);
  return att_bias ? add_bias(s, z.tape().parameter(*att_bias)) : s;
}

AdditiveScore GATConv::score(const Var& z_src, const Var& z_dst) const {
  return {.target = half_score(z_dst, att_dst, att_dst_bias),
          .source = half_score(z_src, att_src, att_src_bias),
          .negative_slope = options_.negative_slope};
}

Var GATConv::collect(const AdditiveScore& score, const Support& support, const Var& z_src,
                     const Features& x_dst, Tensor* weights,
                     const std::optional<Var>& message_weights) const {
  const auto& o = options_;
  Attended result = attend(score, support, dropout(z_src, o.value_dropout),
                           {.dropout = o.dropout,
                            .return_weights = weights != nullptr,
                            .message_weights = message_weights});
  if (weights) *weights = std::move(result.weights);
  return finish(result.output, o.heads, o.concat, x_dst, res, bias);
}

Var GATConv::run(const Graph& graph, const Var& z_src, const Var& z_dst, const Features& x_dst,
                 const AttentionArgs& args) const {
  const auto& o = options_;
  Tape& tape = z_src.tape();
  const Graph& attended = attended_graph(graph);
  AdditiveScore terms = score(z_src, z_dst);
  if (const auto e = message_attr(gat_conv, attended, o.edge_dim, o.fill_value, args)) {
    // att_edge . (W e) = (att_edge W) . e: nothing of size messages x heads x channels is needed.
    const Var folded =
        head_dot(transpose(tape.parameter(*edge_weight)), tape.parameter(*att_edge), o.heads);
    terms.edge = matmul(*e, folded);
  }
  return collect(terms, attended, z_src, x_dst, args.weights,
                 weights_of_attended(gat_conv, graph, attended, args.message_weights));
}

void GATConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "att_src", att_src);
  visit(prefix + "att_dst", att_dst);
  if (att_edge) visit(prefix + "att_edge", *att_edge);
  if (att_src_bias) visit(prefix + "att_src_bias", *att_src_bias);
  if (att_dst_bias) visit(prefix + "att_dst_bias", *att_dst_bias);
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + (weight_dst ? "lin_src.weight" : "lin.weight"), weight);
  if (weight_dst) visit(prefix + "lin_dst.weight", *weight_dst);
  if (edge_weight) visit(prefix + "lin_edge.weight", *edge_weight);
  if (res) visit(prefix + "res.weight", *res);
}

}  // namespace AGATE_NAMESPACE::nn
