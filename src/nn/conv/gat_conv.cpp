#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>

namespace AGATE_NAMESPACE::nn {

GATConv::GATConv(const GATConvOptions& options, Random& random) : options_(options) {
  const auto& o = options_;
  check(o.in >= 1 && o.out >= 1 && o.heads >= 1, ErrorCode::value, "GATConv: in = ", o.in,
        ", out = ", o.out, ", heads = ", o.heads, ", expected at least 1");
  const bool paper = o.init == GatInit::paper;
  const Index width = checked_product(o.heads, o.out, "GATConv: heads * out");
  weight.value = glorot_uniform({width, o.in}, o.in, paper ? o.out : width, random);
  // torch_geometric's glorot takes the last two extents of (1, heads, out) for the fans.
  const Index fan_in = o.out, fan_out = paper ? 1 : o.heads;
  att_src.value = glorot_uniform({1, o.heads, o.out}, fan_in, fan_out, random);
  att_dst.value = glorot_uniform({1, o.heads, o.out}, fan_in, fan_out, random);
  if (o.bias) bias = Parameter{Tensor::zeros({o.concat ? width : o.out})};
  if (o.attention_bias) {
    att_src_bias = Parameter{Tensor::zeros({o.heads})};
    att_dst_bias = Parameter{Tensor::zeros({o.heads})};
  }
}

const Graph& GATConv::attended_graph(const Graph& graph) const {
  return options_.add_self_loops ? graph.with_self_loops() : graph;
}

Var GATConv::run(const Graph& graph, const Features& x, Tensor* weights) const {
  const auto& o = options_;
  check(x.cols() == o.in, ErrorCode::shape, "GATConv: x has ", x.cols(),
        " columns, expected in = ", o.in);
  check(x.rows() == graph.num_nodes() && !graph.is_bipartite(), ErrorCode::shape, "GATConv: x has ",
        x.rows(), " rows, the graph ", graph.num_nodes(), " nodes");
  Tape& tape = x.tape();
  const Features input = o.input_dropout > 0 ? dropout(x, o.input_dropout, o.heads) : x;
  const Var z = linear(input, tape.parameter(weight));

  auto half = [&](const Parameter& att, const std::optional<Parameter>& att_bias) {
    const Var s = head_dot(z, tape.parameter(att), o.heads);
    return att_bias ? add_bias(s, tape.parameter(*att_bias)) : s;
  };
  const AdditiveScore score{half(att_dst, att_dst_bias), half(att_src, att_src_bias),
                            o.negative_slope};
  Attended attended = attend(score, attended_graph(graph), dropout(z, o.value_dropout),
                             {.dropout = o.dropout, .return_weights = weights != nullptr});
  if (weights) *weights = std::move(attended.weights);
  const Var y = o.concat ? attended.output : mean_heads(attended.output, o.heads);
  return bias ? add_bias(y, tape.parameter(*bias)) : y;
}

void GATConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "att_src", att_src);
  visit(prefix + "att_dst", att_dst);
  if (att_src_bias) visit(prefix + "att_src_bias", *att_src_bias);
  if (att_dst_bias) visit(prefix + "att_dst_bias", *att_dst_bias);
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + "lin.weight", weight);
}

}  // namespace AGATE_NAMESPACE::nn
