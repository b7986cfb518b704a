#pragma once
/// \file
/// Linear: y = x W^T + b.

#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// How the weights start.
enum class WeightInit {
  kaiming_uniform,  ///< uniform in +-1 / sqrt(in), torch.nn.Linear's default
  glorot,           ///< uniform in +-sqrt(6 / (in + out))
  normal,           ///< standard normal, torch.nn.Embedding's default
};

/// torch.nn.Linear's arguments, and how the weights start.
struct LinearOptions {
  Index in = 0, out = 0;  ///< both at least 1
  bool bias = true;
  WeightInit init = WeightInit::kaiming_uniform;
};

/// x (n x in), dense or sparse -> n x out. Parameters as in torch.nn.Linear: `weight` (out, in) and
/// `bias` (out), which starts uniform in +-1 / sqrt(in). Error(shape) when x has other than `in`
/// columns.
class Linear : public Module {
 public:
  Linear(LinearOptions options, Random& random);
  Var operator()(const Features& x) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter weight;
  std::optional<Parameter> bias;
};

}  // namespace AGATE_NAMESPACE::nn
