#pragma once
/// \file
/// NeuralTuringMachine: Graves, Wayne, Danihelka, "Neural Turing Machines", arXiv 1410.5401, 2014,
/// started and bounded as by Collier and Beel, "Implementing Neural Turing Machines", ICANN 2018.

#include <agate/attention/memory_access.hpp>
#include <agate/nn/linear.hpp>
#include <agate/nn/recurrent/lstm_cell.hpp>
#include <optional>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// How the memory starts.
enum class MemoryInit {
  constant,  ///< 1e-6 everywhere: converges soonest by Collier and Beel
  learned,   ///< tanh of a parameter `memory` (memory_rows, memory_columns)
};

/// Sizes of the controller, of the memory and of the heads.
struct NeuralTuringMachineOptions {
  Index input_size = 0, output_size = 0;  ///< both at least 1
  Index controller_size = 100;            ///< of the LSTM
  Index memory_rows = 128, memory_columns = 20;
  Index read_heads = 1, write_heads = 1;  ///< at least 1 each
  Index shifts = 3;                       ///< odd: a head moves by up to (shifts - 1) / 2 rows
  MemoryInit memory = MemoryInit::constant;
};

/// What goes from step to step, a row for each sequence.
struct NtmState {
  LSTMState controller;  ///< sequences x controller_size each
  Var memory;            ///< sequences x (memory_rows * memory_columns), row after row
  Var weights;           ///< sequences x (heads * memory_rows): those that read, those that write
  Var read;              ///< sequences x (read_heads * memory_columns): what was read last
};

/// Where the heads were in a step: what each paid each row of the memory; a head's sum to 1.
struct NtmAccess {
  Tensor read;   ///< sequences x read_heads x memory_rows
  Tensor write;  ///< sequences x write_heads x memory_rows
};

/// One step: h = LSTM([x_t; r_(t-1)]), from which every head gets by one product k = tanh, beta =
/// softplus, g = sigmoid, s = softmax, gamma = 1 + softplus, and a write head e = sigmoid and a =
/// tanh as well. It addresses the memory M (memory_rows x memory_columns) as it was before the
/// step:
///   c_i = softmax_i(beta cos(k, M_i)),   v = g c + (1 - g) w_(t-1),
///   u_i = sum over shifts d of v_(i - d) s_d, around the ends,   w_i = u_i^gamma / sum of u^gamma,
/// the read heads read r_t = sum over i of w_i M_i, then those that write erase, then add:
///   M_i <- M_i times the product over write heads of (1 - w_i e) + their sum of w_i a.
/// The output is W_o [h; r_t] + b_o. Addressing, reading and writing are one operation each,
/// with memory_access.hpp's formulas and gradients.
///
/// Parameters: `controller.*` (see LSTMCell), `heads.*` (Linear from h; for each head k, beta, g,
/// s, gamma, then for each write head e, a), `output.*`, and the first state: `h0`, `c0`
/// (controller_size), `read0` (read_heads, memory_columns; through tanh), `weights0` (heads,
/// memory_rows; through softmax, which starts with some 0.9 on the first row), with
/// MemoryInit::learned `memory`. A const machine may be shared by threads. Error(value) for sizes
/// below 1, even shifts and more shifts than rows; Error(shape) when x or a state does not fit.
class NeuralTuringMachine : public Module {
 public:
  using State = NtmState;
  NeuralTuringMachine(const NeuralTuringMachineOptions& options, Random& random);

  /// The state before the first step of so many sequences, each with a memory of its own.
  State start(Tape& tape, Index sequences) const;
  /// Row r of x (rows x input_size) continues row r of the state -> rows x output_size. With fewer
  /// rows than the state has, the first ones go on and the others end. `access`, where given,
  /// receives where the heads were.
  Var step(const Var& x, State& state, NtmAccess* access = nullptr) const;
  /// Whole sequences from the start: row offsets[b] + t of x is step t of sequence b, of any
  /// lengths in any order, none included -> rows x output_size in the same order. `access` receives
  /// where the heads were in each row. Error(shape) unless the sequences are all the rows,
  /// Error(value) when offsets fall.
  Var operator()(const Var& x, std::span<const Index> offsets, NtmAccess* access = nullptr) const;
  /// The rows of a state named; any may be named more than once.
  State select(const State& state, std::span<const Index> rows) const;

  Index output_size() const { return options_.output_size; }
  const NeuralTuringMachineOptions& options() const { return options_; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  NeuralTuringMachineOptions options_;
  MemoryHeads layout_;
  LSTMCell controller_;
  Linear heads_, output_;
  Parameter h0_, c0_, read0_, weights0_;
  std::optional<Parameter> memory_;
};

}  // namespace AGATE_NAMESPACE::nn
