#include <agate/attention/attend.hpp>
#include <agate/attention/edge_leaky_dot.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/conv/gate_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* name = "GATEConv";
constexpr Real slope = Real(0.01);

}  // namespace

GATEConv::GATEConv(const GATEConvOptions& options, Random& random) : options_(options) {
  const Index width = check_sizes(name, options.channels, options.channels, 1, options.edge_dim);
  att_l.value = glorot_uniform({1, width}, width, 1, random);
  att_r.value = glorot_uniform({1, width}, width, 1, random);
  bias.value = Tensor::zeros({width});
  const Index in = width + options.edge_dim;
  lin1.value = glorot_uniform({width, in}, in, width, random);
  lin2.value = glorot_uniform({width, width}, width, width, random);
}

Var GATEConv::operator()(const Graph& graph, const Features& features,
                         const AttentionArgs& args) const {
  const Index width = options_.channels, edge_dim = options_.edge_dim;
  check_nodes(name, graph, features, width);
  check(!features.is_sparse(), ErrorCode::unsupported, name,
        ": x is sparse, expected the dense output of another layer");
  check_edge_attr(name, edge_dim, args);
  const Var& x = features.dense();
  Tape& tape = x.tape();
  const Var weight = tape.parameter(lin1), by = tape.parameter(att_l);
  const Var of_nodes = linear(x, edge_dim > 0 ? columns(weight, 0, width) : weight);
  AdditiveScore score{.target = head_dot(x, tape.parameter(att_r), 1),
                      .source = edge_dim > 0 ? tape.constant(tape.make_zeros({x.rows(), 1}))
                                             : head_dot(leaky_relu(of_nodes, slope), by, 1),
                      .negative_slope = slope};
  if (edge_dim > 0) {
    const Var of_edges = linear(*args.edge_attr, columns(weight, width, width + edge_dim));
    score.edge = edge_leaky_dot(graph, of_nodes, of_edges, by, slope);
  }
  Attended result =
      attend(score, graph, linear(x, tape.parameter(lin2)),
             {.dropout = options_.dropout, .return_weights = args.weights != nullptr});
  if (args.weights) *args.weights = std::move(result.weights);
  return add_bias(result.output, tape.parameter(bias));
}

void GATEConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "att_l", att_l);
  visit(prefix + "att_r", att_r);
  visit(prefix + "bias", bias);
  visit(prefix + "lin1.weight", lin1);
  visit(prefix + "lin2.weight", lin2);
}

}  // namespace AGATE_NAMESPACE::nn
