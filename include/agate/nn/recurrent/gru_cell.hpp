#pragma once
/// \file
/// GRUCell: one step of the gated recurrent unit of Cho et al., "Learning Phrase Representations
/// using RNN Encoder-Decoder for Statistical Machine Translation", EMNLP 2014, as torch has it.

#include <agate/nn/recurrent/recurrent_cell.hpp>
#include <agate/tensor/repeated_rows.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// The arguments of torch.nn.GRUCell.
using GRUCellOptions = RecurrentCellOptions;

/// With (r, z, n) = W_ih x + b_ih and (r', z', n') = W_hh h + b_hh
///   h_next = (1 - u) tanh(n + sigmoid(r + r') n') + u h,   u = sigmoid(z + z').
///
/// x (rows x input_size), h (rows x hidden_size) -> rows x hidden_size. Parameters: see
/// RecurrentCell, 3 gates in the order r, z, n. Error(shape) when x or h does not fit, Error(value)
/// for sizes below 1.
class GRUCell : public RecurrentCell {
 public:
  GRUCell(const GRUCellOptions& options, Random& random);

  using State = Var;
  Var operator()(const Var& x, const Var& h) const;
  /// The same of h.all(), in less time (gru_step.hpp).
  Var operator()(const Var& x, const RepeatedRows& h) const;
  /// All steps of sequences of falling length at once, whose rows stand step after step (see
  /// recurrent_steps.hpp), beginning from `first`: the state after each of them. Error(shape) and
  /// Error(value) as there.
  Var unroll(const Var& x, const Var& first, std::span<const Index> counts) const;
  /// The state that sequences begin with: zero.
  Var zero_state(Tape& tape, Index rows) const { return zeros(tape, rows); }
  /// What a state shows to the layer above: itself.
  static const Var& output(const Var& state) { return state; }

 private:
  template <class States>
  Var step(const Var& x, const States& h) const;
};

}  // namespace AGATE_NAMESPACE::nn
