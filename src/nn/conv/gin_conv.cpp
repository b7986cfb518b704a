#include <agate/nn/conv/adjacency.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/tensor/arithmetic.hpp>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/message_weights.hpp"
#include "nn/conv/narrower_side.hpp"

namespace AGATE_NAMESPACE::nn {

GINConv::GINConv(const GINConvOptions& options, MLP network)
    : eps{Tensor::full({1}, options.eps), options.train_eps}, mlp(std::move(network)) {}

Var GINConv::operator()(const Graph& graph, const Features& x) const {
  check_nodes("GINConv", graph, x, mlp.options().channels.front());
  Tape& tape = x.tape();
  const Var itself = add(tape.constant(Tensor::full({1}, 1)), tape.parameter(eps));
  return mlp.after_projection(project_aggregated(
      x, tape.parameter(mlp.first_weight()),
      [&](const Var& z) { return shifted_matmul(adjacency(graph), itself, z); }));
}

Var GINConv::weighted(const Graph& graph, const Features& x, const Var& message_weights) const {
  check_nodes("GINConv", graph, x, mlp.options().channels.front());
  check_message_weights("GINConv", graph, message_weights);
  Tape& tape = x.tape();
  const Var itself = add(tape.constant(Tensor::full({1}, 1)), tape.parameter(eps));
  return mlp.after_projection(
      project_aggregated(x, tape.parameter(mlp.first_weight()), [&](const Var& z) {
        return add(sparse_matmul(message_matrix(graph), message_weights, z), scale(z, itself));
      }));
}

void GINConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "eps", eps);
  mlp.visit_parameters(prefix + "nn.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
