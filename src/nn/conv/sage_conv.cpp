#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/conv/adjacency.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/normalization.hpp>
#include <agate/tensor/segment_max.hpp>
#include <agate/tensor/sparse_max.hpp>
#include <algorithm>
#include <array>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/message_weights.hpp"
#include "nn/conv/narrower_side.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* sage_conv = "SAGEConv";

SAGEConvOptions checked(SAGEConvOptions o) {
  check(o.in >= 1 && o.out >= 1 && o.in_dst >= 0, ErrorCode::value, sage_conv, ": in = ", o.in,
        ", in_dst = ", o.in_dst, ", out = ", o.out, ", expected at least 1 (in_dst: 0)");
  static const std::array<std::string, 4> known{"mean", "max", "sum", "add"};
  check(std::find(known.begin(), known.end(), o.aggr) != known.end(), ErrorCode::usage, sage_conv,
        ": aggr \"", o.aggr, "\" is not known", suggestion(o.aggr, known));
  if (o.in_dst == 0) o.in_dst = o.in;
  return o;
}

// Of each message one over the number of messages into its target.
Var shares(const Graph& graph, const Var& of_messages) {
  Tape& tape = of_messages.tape();
  Tensor share = tape.make({graph.num_messages(), 1});
  for (Index i = 0; i < graph.num_targets(); ++i)
    std::fill(share.data() + graph.offsets()[i], share.data() + graph.offsets()[i + 1],
              1 / static_cast<Real>(graph.in_degree(i)));
  return tape.constant(std::move(share));
}

}  // namespace

SAGEConv::SAGEConv(const SAGEConvOptions& options, Random& random)
    : lin_l({.in = checked(options).in, .out = options.out, .bias = options.bias}, random),
      options_(checked(options)) {
  const auto& o = options_;
  if (o.project) lin.emplace(LinearOptions{.in = o.in, .out = o.in}, random);
  if (o.root_weight)
    lin_r.emplace(LinearOptions{.in = o.in_dst, .out = o.out, .bias = false}, random);
}

Var SAGEConv::operator()(const Graph& graph, const Features& x) const {
  check_nodes(sage_conv, graph, x, options_.in);
  return run(graph, x, x, nullptr);
}

Var SAGEConv::weighted(const Graph& graph, const Features& x, const Var& message_weights) const {
  check_nodes(sage_conv, graph, x, options_.in);
  check_message_weights(sage_conv, graph, message_weights);
  return run(graph, x, x, &message_weights);
}

Var SAGEConv::operator()(const Graph& graph, const Features& x_src, const Features& x_dst) const {
  check_nodes(sage_conv, graph, x_src, options_.in, x_dst, options_.in_dst);
  return run(graph, x_src, x_dst, nullptr);
}

Var SAGEConv::run(const Graph& graph, const Features& x_src, const Features& x_dst,
                  const Var* message_weights) const {
  Var y = aggregate(graph, lin ? Features(relu((*lin)(x_src))) : x_src, message_weights);
  if (lin_l.bias) y = add_bias(y, y.tape().parameter(*lin_l.bias));
  if (lin_r) y = add(y, (*lin_r)(x_dst));
  return options_.normalize ? agate::normalize(y) : y;
}

/// Without the bias, which a node without neighbours gets too.
Var SAGEConv::aggregate(const Graph& graph, const Features& x, const Var* weights) const {
  const Var weight = x.tape().parameter(lin_l.weight);
  if (options_.aggr == "max") {
    check(!x.is_sparse() && x.masks().empty(), ErrorCode::unsupported, sage_conv,
          ": the maximum of sparse features would be dense; set project, or give dense features");
    if (weights)
      return linear(
          segment_max(scale_rows(message_rows(graph, x.dense()), *weights), graph.offsets()),
          weight);
    return linear(sparse_max(adjacency(graph), x.dense()), weight);
  }
  if (weights) {
    const Var values =
        options_.aggr == "mean" ? scale_rows(*weights, shares(graph, *weights)) : *weights;
    return project_aggregated(
        x, weight, [&](const Var& z) { return sparse_matmul(message_matrix(graph), values, z); });
  }
  const SparseMatrix& a = options_.aggr == "mean" ? mean_adjacency(graph) : adjacency(graph);
  return project_aggregated(x, weight, [&](const Var& z) { return sparse_matmul(a, z); });
}

void SAGEConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (lin) lin->visit_parameters(prefix + "lin.", visit);
  lin_l.visit_parameters(prefix + "lin_l.", visit);
  if (lin_r) lin_r->visit_parameters(prefix + "lin_r.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
