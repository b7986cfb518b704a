#include <agate/core/error.hpp>
#include <agate/nn/norm/graph_norm.hpp>
#include <agate/tensor/graph_norm.hpp>

namespace AGATE_NAMESPACE::nn {

GraphNorm::GraphNorm(const GraphNormOptions& options) : options_(options) {
  const Index n = options.in_channels;
  check(n >= 1 && options.eps > 0, ErrorCode::value, "GraphNorm: in_channels = ", n,
        ", eps = ", options.eps, ", expected at least 1 and more than 0");
  weight.value = Tensor::full({n}, 1);
  bias.value = Tensor::zeros({n});
  mean_scale.value = Tensor::full({n}, 1);
}

Var GraphNorm::operator()(const Var& x, std::span<const Index> offsets) const {
  check(x.cols() == options_.in_channels, ErrorCode::shape, "GraphNorm: x has ", x.cols(),
        " columns, expected in_channels = ", options_.in_channels);
  Tape& tape = x.tape();
  return graph_norm(x, offsets, tape.parameter(weight), tape.parameter(bias),
                    tape.parameter(mean_scale), options_.eps);
}

void GraphNorm::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "weight", weight);
  visit(prefix + "bias", bias);
  visit(prefix + "mean_scale", mean_scale);
}

}  // namespace AGATE_NAMESPACE::nn
