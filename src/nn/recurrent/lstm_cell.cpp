#include <agate/nn/recurrent/lstm_cell.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/lstm_gates.hpp>
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

}  // namespace AGATE_NAMESPACE::nn
