#include <agate/nn/recurrent/lstm_cell.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/lstm_gates.hpp>
#include <agate/tensor/recurrent_steps.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::nn {

LSTMCell::LSTMCell(const LSTMCellOptions& options, Random& random)
    : RecurrentCell("LSTMCell", 4, options, random) {}

LSTMState LSTMCell::zero_state(Tape& tape, Index rows) const {
  const Var zero = zeros(tape, rows);
  return {zero, zero};
}

LSTMState LSTMCell::operator()(const Features& x, const LSTMState& state) const {
  check_step(x, state.h.shape());
  check_step(x, state.c.shape());
  Tape& tape = x.tape();
  auto product = [&](const Features& of, const Parameter& weight,
                     const std::optional<Parameter>& bias) {
    const Var y = linear(of, tape.parameter(weight));
    return bias ? add_bias(y, tape.parameter(*bias)) : y;
  };
  const Var gates = add(product(x, weight_ih, bias_ih), product(state.h, weight_hh, bias_hh));
  const Var next = lstm_gates(gates, state.c);
  const Index hidden = options().hidden_size;
  return {columns(next, 0, hidden), columns(next, hidden, 2 * hidden)};
}

LSTMState LSTMCell::unroll(const Features& x, const LSTMState& first,
                           std::span<const Index> counts) const {
  check_sizes(x, first.h.shape());
  check_sizes(x, first.c.shape());
  Tape& tape = x.tape();
  const Var ih = tape.parameter(weight_ih), hh = tape.parameter(weight_hh);
  const Var sums = bias_ih ? linear(x, ih, add(tape.parameter(*bias_ih), tape.parameter(*bias_hh)))
                           : linear(x, ih);
  const Var states = lstm_steps(sums, first.h, first.c, counts, hh);
  const Index hidden = options().hidden_size;
  return {columns(states, 0, hidden), columns(states, hidden, 2 * hidden)};
}

}  // namespace AGATE_NAMESPACE::nn
