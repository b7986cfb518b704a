#pragma once
/// \file
/// LSTMCell: one step of the long short-term memory of Hochreiter and Schmidhuber 1997, with the
/// forget gate of Gers, Schmidhuber, Cummins 2000.

#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// torch.nn.LSTMCell's arguments.
struct LSTMCellOptions {
  Index input_size = 0, hidden_size = 0;  ///< both at least 1
  bool bias = true;
};

/// What goes from step to step, a row for each sequence.
struct LSTMState {
  Var h, c;  ///< rows x hidden_size each
};

/// With (i, f, g, o) = W_ih x + b_ih + W_hh h + b_hh
///   c' = sigmoid(f) c + sigmoid(i) tanh(g),   h' = sigmoid(o) tanh(c').
///
/// x (rows x input_size) -> the next state. Parameters under torch's names: `weight_ih` (4
/// hidden_size, input_size), `weight_hh` (4 hidden_size, hidden_size), `bias_ih`, `bias_hh` (4
/// hidden_size), rows in the order i, f, g, o; all start uniform in +-1 / sqrt(hidden_size).
/// Error(shape) when x or the state does not fit, Error(value) for sizes below 1.
class LSTMCell : public Module {
 public:
  LSTMCell(const LSTMCellOptions& options, Random& random);

  LSTMState operator()(const Features& x, const LSTMState& state) const;
  LSTMState zero_state(Tape& tape, Index rows) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  /// The names with a suffix, as torch.nn.LSTM has them: `weight_ih_l0`, `bias_hh_l1_reverse`.
  void visit_parameters(const std::string& prefix, const std::string& suffix,
                        const ParameterVisitor& visit);
  const LSTMCellOptions& options() const { return options_; }

  Parameter weight_ih, weight_hh;
  std::optional<Parameter> bias_ih, bias_hh;

 private:
  LSTMCellOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
