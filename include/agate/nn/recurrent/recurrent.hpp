#pragma once
/// \file
/// Recurrent: cells over sequences, one above the other: step by step over sequences of equal
/// length, or over a packed batch of any lengths.

#include <agate/nn/module.hpp>
#include <span>
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

  using State = typename Cell::State;

  std::vector<Var> operator()(const std::vector<Var>& steps) const;

  /// The same over a packed batch: row offsets[b] + t of x (rows x input_size) is step t of
  /// sequence b, which has offsets[b + 1] - offsets[b] of them and may have none. The result, rows
  /// x out_channels(), has the same order; the backward cells begin at each sequence's own last
  /// row. `last`, where given, receives the final states as torch's h_n (and c_n) of a packed
  /// sequence: layer by layer, with bidirectional the forward before the backward cell, each of one
  /// row for every sequence in the caller's order; zeros for a sequence without steps. Error(shape)
  /// unless the sequences are all the rows, Error(value) when offsets fall.
  Var operator()(const Var& x, std::span<const Index> offsets,
                 std::vector<State>* last = nullptr) const;
  Index out_channels() const { return (options_.bidirectional ? 2 : 1) * options_.hidden_size; }

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const RecurrentOptions& options() const { return options_; }

 private:
  RecurrentOptions options_;
  std::vector<Cell> cells_;  // layer by layer, with bidirectional two for each
};

}  // namespace AGATE_NAMESPACE::nn
