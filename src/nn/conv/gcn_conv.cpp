#include <agate/attention/edge_messages.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/conv/adjacency.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/symmetric_normalize.hpp>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/message_weights.hpp"
#include "nn/conv/narrower_side.hpp"

namespace AGATE_NAMESPACE::nn {

GCNConv::GCNConv(const GCNConvOptions& options, Random& random) : options_(options) {
  check(options.in >= 1 && options.out >= 1, ErrorCode::value, "GCNConv: in = ", options.in,
        ", out = ", options.out, ", expected at least 1");
  weight.value = glorot_uniform({options.out, options.in}, options.in, options.out, random);
  if (options.bias) bias = Parameter{Tensor::zeros({options.out})};
}

Var GCNConv::operator()(const Graph& graph, const Features& x) const {
  check_nodes("GCNConv", graph, x, options_.in);
  const SparseMatrix& a = options_.normalize
                              ? gcn_norm(graph, {.add_self_loops = options_.add_self_loops})
                              : adjacency(graph);
  return finish(project_aggregated(x, x.tape().parameter(weight),
                                   [&](const Var& z) { return sparse_matmul(a, z); }));
}

Var GCNConv::operator()(const Graph& graph, const Features& x, const Var& edge_weight) const {
  const auto& o = options_;
  check_nodes("GCNConv", graph, x, o.in);
  check(edge_weight.shape() == Shape{graph.num_edges(), 1}, ErrorCode::shape,
        "GCNConv: edge_weight has shape ", edge_weight.shape().to_string(), ", expected ",
        graph.num_edges(), " x 1");
  const Graph& looped = o.normalize && o.add_self_loops ? graph.with_remaining_self_loops() : graph;
  const SparseMatrix& a = message_matrix(looped);
  const Var given = edge_messages(looped, edge_weight, Real(o.improved ? 2 : 1));
  const Var values = o.normalize ? symmetric_normalize(a, given) : given;
  return finish(project_aggregated(x, x.tape().parameter(weight),
                                   [&](const Var& z) { return sparse_matmul(a, values, z); }));
}

Var GCNConv::weighted(const Graph& graph, const Features& x, const Var& message_weights) const {
  const auto& o = options_;
  check_nodes("GCNConv", graph, x, o.in);
  check_message_weights("GCNConv", graph, message_weights);
  Tape& tape = x.tape();
  const Graph& looped = o.normalize && o.add_self_loops ? graph.with_remaining_self_loops() : graph;
  const SparseMatrix& a = message_matrix(looped);
  Var values = weights_of_attended(graph, looped, message_weights);
  if (o.normalize) {
    const Var ones = tape.constant(Tensor::full({looped.num_messages(), 1}, 1));
    values = multiply(values, symmetric_normalize(a, ones));
  }
  return finish(project_aggregated(x, tape.parameter(weight),
                                   [&](const Var& z) { return sparse_matmul(a, values, z); }));
}

Var GCNConv::finish(const Var& y) const {
  return bias ? add_bias(y, y.tape().parameter(*bias)) : y;
}

void GCNConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + "lin.weight", weight);
}

}  // namespace AGATE_NAMESPACE::nn
