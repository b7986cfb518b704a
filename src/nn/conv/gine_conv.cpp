#include <agate/core/error.hpp>
#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/conv/relu_messages.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/segment_sum.hpp>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/message_weights.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

// What the edges add to the messages.
std::optional<Var> terms(const std::optional<Linear>& lin, Index in,
                         const std::optional<Var>& edge_attr) {
  const Index edge_dim = lin ? lin->weight.value.cols() : in;
  check(!lin || edge_attr, ErrorCode::shape,
        "GINEConv: edge_attr is missing, expected edge_dim = ", edge_dim);
  if (!edge_attr) return {};
  check(edge_attr->cols() == edge_dim, ErrorCode::shape, "GINEConv: edge_attr has ",
        edge_attr->cols(), " columns, expected ", lin ? "edge_dim = " : "as many as x, ", edge_dim);
  return lin ? (*lin)(*edge_attr) : edge_attr;
}

// relu_messages with each message times its weight.
Var weighted_messages(const Graph& graph, const Var& x, const std::optional<Var>& of_edges,
                      const Var& weights) {
  check_message_weights("GINEConv", graph, weights);
  Var rows = message_rows(graph, x);
  if (of_edges) rows = add(rows, edge_messages(graph, *of_edges, Real(0)));
  return segment_sum(scale_rows(relu(rows), weights), graph.offsets());
}

}  // namespace

GINEConv::GINEConv(const GINEConvOptions& options, MLP network, Random& random)
    : eps{Tensor::full({1}, options.eps), options.train_eps}, mlp(std::move(network)) {
  check(options.edge_dim >= 0, ErrorCode::value, "GINEConv: edge_dim = ", options.edge_dim,
        ", expected 0 (none) or more");
  const Index in = mlp.options().channels.front();
  if (options.edge_dim > 0) lin.emplace(LinearOptions{.in = options.edge_dim, .out = in}, random);
}

Var GINEConv::operator()(const Graph& graph, const Features& features,
                         const AttentionArgs& args) const {
  const Index in = mlp.options().channels.front();
  check_nodes("GINEConv", graph, features, in);
  check(!features.is_sparse(), ErrorCode::unsupported,
        "GINEConv: x is sparse, expected the dense output of another layer");
  const Var& x = features.dense();
  Tape& tape = x.tape();
  const Var itself = add(tape.constant(Tensor::full({1}, 1)), tape.parameter(eps));
  const std::optional<Var> of_edges = terms(lin, in, args.edge_attr);
  const Var collected = args.message_weights
                            ? weighted_messages(graph, x, of_edges, *args.message_weights)
                            : relu_messages(graph, x, of_edges);
  return mlp(add(collected, scale(x, itself)));
}

void GINEConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "eps", eps);
  mlp.visit_parameters(prefix + "nn.", visit);
  if (lin) lin->visit_parameters(prefix + "lin.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
