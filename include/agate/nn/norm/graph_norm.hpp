#pragma once
/// \file
/// GraphNorm: Cai et al., "GraphNorm: A Principled Approach to Accelerating Graph Neural Network
/// Training", ICML 2021.

#include <agate/nn/module.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GraphNormOptions {
  Index in_channels = 0;  ///< at least 1
  Real eps = Real(1e-5);
};

/// x (n x in_channels) -> the same shape: see agate/tensor/graph_norm.hpp. `offsets` say where the
/// graphs of a packed batch begin and end; without them x is one graph. The same in training and in
/// evaluation. Parameters: `weight`, `bias`, `mean_scale`. Error(shape) when x has other columns,
/// Error(value) for offsets that do not fit.
class GraphNorm : public Module {
 public:
  explicit GraphNorm(const GraphNormOptions& options);
  Var operator()(const Var& x, std::span<const Index> offsets = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter weight, bias, mean_scale;

 private:
  GraphNormOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
