#pragma once
/// \file
/// LSTMCell: one step of the long short-term memory of Hochreiter and Schmidhuber 1997, with the
/// forget gate of Gers, Schmidhuber, Cummins 2000.

#include <agate/nn/recurrent/recurrent_cell.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// The arguments of torch.nn.LSTMCell.
using LSTMCellOptions = RecurrentCellOptions;

/// What goes from step to step, a row for each sequence.
struct LSTMState {
  Var h, c;  ///< rows x hidden_size each
};

/// With (i, f, g, o) = W_ih x + b_ih + W_hh h + b_hh
///   c' = sigmoid(f) c + sigmoid(i) tanh(g),   h' = sigmoid(o) tanh(c').
///
/// x (rows x input_size) -> the next state. Parameters: see RecurrentCell, 4 gates in the order i,
/// f, g, o. Error(shape) when x or the state does not fit, Error(value) for sizes below 1.
class LSTMCell : public RecurrentCell {
 public:
  LSTMCell(const LSTMCellOptions& options, Random& random);

  using State = LSTMState;
  LSTMState operator()(const Features& x, const LSTMState& state) const;
  /// All steps of sequences of falling length at once, whose rows stand step after step (see
  /// recurrent_steps.hpp), beginning from `first`: the state after each of them. Error(shape) and
  /// Error(value) as there.
  LSTMState unroll(const Features& x, const LSTMState& first, std::span<const Index> counts) const;
  /// The state that sequences begin with: h and c zero.
  LSTMState zero_state(Tape& tape, Index rows) const;
  /// What a state shows to the layer above: h.
  static const Var& output(const LSTMState& state) { return state.h; }
};

}  // namespace AGATE_NAMESPACE::nn
