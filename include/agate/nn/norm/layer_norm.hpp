#pragma once
/// \file
/// LayerNorm: Ba, Kiros, Hinton, "Layer Normalization", 2016, of each node by itself.

#include <agate/nn/module.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct LayerNormOptions {
  Index in_channels = 0;  ///< at least 1
  Real eps = Real(1e-5);
  bool affine = true;  ///< weight and bias for each channel
};

/// x (n x in_channels) -> the same shape: torch.nn.LayerNorm over the last axis, which is PyTorch
/// Geometric's LayerNorm with mode = "node". Parameters: `weight`, `bias`. Error(shape) when x has
/// other columns.
class LayerNorm : public Module {
 public:
  explicit LayerNorm(const LayerNormOptions& options);
  Var operator()(const Var& x) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  std::optional<Parameter> weight, bias;

 private:
  LayerNormOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
