#include <agate/core/error.hpp>
#include <agate/nn/conv/dense_gat_conv.hpp>

#include "nn/conv/graphs_support.hpp"

namespace AGATE_NAMESPACE::nn {

DenseGATConv::DenseGATConv(const GATConvOptions& options, Random& random) : conv_(options, random) {
  check(options.edge_dim == 0 && options.in_dst == 0, ErrorCode::unsupported,
        "DenseGATConv: edge_dim = ", options.edge_dim, ", in_dst = ", options.in_dst,
        ", expected 0: it has no edges, and one set of nodes");
}

Var DenseGATConv::operator()(const Features& x, std::span<const Index> offsets,
                             Tensor* weights) const {
  return conv_.on_support(graphs_support("DenseGATConv", x.rows(), offsets), x, weights);
}

void DenseGATConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  conv_.visit_parameters(prefix, visit);
}

}  // namespace AGATE_NAMESPACE::nn
