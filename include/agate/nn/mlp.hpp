#pragma once
/// \file
/// MLP: Linear layers with activations between them, numbered as a torch.nn.Sequential.

#include <agate/nn/linear.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of an MLP.
struct MLPOptions {
  std::vector<Index> channels{};    ///< of the input, of what is between, of the output: at least 2
  std::string activation = "relu";  ///< by name: see agate/tensor/activations.hpp
  bool batch_norm = false;          ///< before each activation
  Real dropout = 0;                 ///< after each activation
};

/// x (n x channels.front()), dense or sparse -> n x channels.back(): Linear, then for each further
/// layer BatchNorm (if any), activation, dropout, Linear. Parameters under the position that each
/// part has in Sequential(Linear, [BatchNorm,] activation, Linear, ...): `0.weight`, `0.bias`,
/// `2.weight`, ...; with batch_norm `0.weight`, `1.module.weight`, ..., `3.weight`. Error(value)
/// for fewer than two channels, Error(usage) for an activation that is not known, Error(shape) when
/// x has other columns.
class MLP : public Module {
 public:
  MLP(MLPOptions options, Random& random);
  Var operator()(const Features& x) const;
  /// What follows the first product: from z = x W^T with the first weight to the output, for layers
  /// that aggregate between the two.
  Var after_projection(const Var& z) const;
  const Parameter& first_weight() const { return linears_.front().weight; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const MLPOptions& options() const { return options_; }

 private:
  MLPOptions options_;
  std::vector<Linear> linears_;
  std::vector<BatchNorm> norms_;  // none, or one less than linears_
};

}  // namespace AGATE_NAMESPACE::nn
