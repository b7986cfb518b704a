#pragma once
/// \file
/// Linear: y = x W^T + b.

#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

struct LinearOptions {
  Index in = 0, out = 0;  ///< both at least 1
  bool bias = true;
};

/// x (n x in), dense or sparse -> n x out. Parameters as in torch.nn.Linear: `weight` (out, in) and
/// `bias` (out), both uniform in +-1 / sqrt(in). Error(shape) when x has other than `in` columns.
class Linear : public Module {
 public:
  Linear(LinearOptions options, Random& random);
  Var operator()(const Features& x) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter weight;
  std::optional<Parameter> bias;
};

}  // namespace AGATE_NAMESPACE::nn
