#pragma once
/// \file
/// Recurrent: cells over sequences of equal length, one above the other.

#include <agate/nn/module.hpp>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// The arguments of torch.nn.LSTM and torch.nn.GRU.
struct RecurrentOptions {
  Index input_size = 0, hidden_size = 0;  ///< both at least 1
  Index num_layers = 1;                   ///< at least 1; each reads what the one below gives
  bool bias = true;
  bool bidirectional = false;  ///< a second cell in each layer reads the sequence from its end
};

/// steps[t] (sequences x input_size) -> for each t the output of the last layer: sequences x
/// out_channels(), with bidirectional the forward one before the backward one. All states start at
/// zero. Parameters under torch's names: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`,
/// `bias_hh_l0`, of further layers `..._l1`, of the backward cells `..._l0_reverse`; shapes as in
/// the cell. Error(shape) when a step has other columns or rows, Error(value) for no steps and for
/// sizes below 1.
template <class Cell>
class Recurrent : public Module {
 public:
  Recurrent(const RecurrentOptions& options, Random& random);

  std::vector<Var> operator()(const std::vector<Var>& steps) const;
  Index out_channels() const { return (options_.bidirectional ? 2 : 1) * options_.hidden_size; }

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const RecurrentOptions& options() const { return options_; }

 private:
  RecurrentOptions options_;
  std::vector<Cell> cells_;  // layer by layer, with bidirectional two for each
};

}  // namespace AGATE_NAMESPACE::nn
