#include <agate/core/error.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>

namespace AGATE_NAMESPACE::nn {

GCNConv::GCNConv(const GCNConvOptions& options, Random& random) : options_(options) {
  check(options.in >= 1 && options.out >= 1, ErrorCode::value, "GCNConv: in = ", options.in,
        ", out = ", options.out, ", expected at least 1");
  weight.value = glorot_uniform({options.out, options.in}, options.in, options.out, random);
  if (options.bias) bias = Parameter{Tensor::zeros({options.out})};
}

Var GCNConv::operator()(const Graph& graph, const Features& x) const {
  check(x.cols() == options_.in, ErrorCode::shape, "GCNConv: x has ", x.cols(),
        " columns, expected in = ", options_.in);
  check(x.rows() == graph.num_nodes(), ErrorCode::shape, "GCNConv: x has ", x.rows(),
        " rows, the graph ", graph.num_nodes(), " nodes");
  const SparseMatrix& a = options_.normalize
                              ? gcn_norm(graph, {.add_self_loops = options_.add_self_loops})
                              : adjacency(graph);
  const Var w = x.tape().parameter(weight);
  const bool narrow_first = !x.is_sparse() && options_.in < options_.out;
  const Var y =
      narrow_first ? linear(sparse_matmul(a, x.dense()), w) : sparse_matmul(a, linear(x, w));
  return bias ? add_bias(y, x.tape().parameter(*bias)) : y;
}

void GCNConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + "lin.weight", weight);
}

}  // namespace AGATE_NAMESPACE::nn
