#pragma once
/// \file
/// BatchNorm: Ioffe and Szegedy, "Batch Normalization", ICML 2015, over the nodes of a pass.

#include <agate/nn/module.hpp>
#include <agate/tensor/normalization.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct BatchNormOptions {
  Index in_channels = 0;  ///< at least 1
  Real eps = Real(1e-5);
  Real momentum = Real(0.1);        ///< of the running statistics
  bool affine = true;               ///< weight and bias for each channel
  bool track_running_stats = true;  ///< otherwise evaluation too uses those of its batch
};

/// x (n x in_channels) -> the same shape: see batch_norm of agate/tensor/normalization.hpp. In
/// training with the statistics of the pass, and the running statistics follow when the optimiser
/// steps: running = (1 - momentum) running + momentum found, the variance divided by n - 1 as in
/// torch. In evaluation with the running statistics. Parameters: `module.weight`, `module.bias`;
/// buffers `module.running_mean`, `module.running_var`, `module.num_batches_tracked`. Error(shape)
/// when x has other columns, Error(value) for a single row in training.
class BatchNorm : public Module {
 public:
  explicit BatchNorm(const BatchNormOptions& options);
  Var operator()(const Var& x, const AroundBatchNorm& around = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  std::optional<Parameter> weight, bias, running_mean, running_var, num_batches_tracked;

 private:
  BatchNormOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
