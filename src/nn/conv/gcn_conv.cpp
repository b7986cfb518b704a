#include <agate/core/error.hpp>
#include <agate/nn/conv/adjacency.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/tensor/arithmetic.hpp>

#include "nn/conv/check_nodes.hpp"
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
  Tape& tape = x.tape();
  const Var y = project_aggregated(x, tape.parameter(weight),
                                   [&](const Var& z) { return sparse_matmul(a, z); });
  return bias ? add_bias(y, tape.parameter(*bias)) : y;
}

void GCNConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + "lin.weight", weight);
}

}  // namespace AGATE_NAMESPACE::nn
