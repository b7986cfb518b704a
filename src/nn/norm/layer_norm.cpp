#include <agate/core/error.hpp>
#include <agate/nn/norm/layer_norm.hpp>
#include <agate/tensor/normalization.hpp>

namespace AGATE_NAMESPACE::nn {

LayerNorm::LayerNorm(const LayerNormOptions& options) : options_(options) {
  const Index n = options.in_channels;
  check(n >= 1 && options.eps > 0, ErrorCode::value, "LayerNorm: in_channels = ", n,
        ", eps = ", options.eps, ", expected at least 1 and more than 0");
  if (!options.affine) return;
  weight = Parameter{Tensor::full({n}, 1)};
  bias = Parameter{Tensor::zeros({n})};
}

Var LayerNorm::operator()(const Var& x) const {
  check(x.cols() == options_.in_channels, ErrorCode::shape, "LayerNorm: x has ", x.cols(),
        " columns, expected in_channels = ", options_.in_channels);
  const auto bound = [&](const std::optional<Parameter>& p) {
    return p ? std::optional(x.tape().parameter(*p)) : std::nullopt;
  };
  return layer_norm(x, bound(weight), bound(bias), options_.eps);
}

void LayerNorm::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (weight) visit(prefix + "weight", *weight);
  if (bias) visit(prefix + "bias", *bias);
}

}  // namespace AGATE_NAMESPACE::nn
