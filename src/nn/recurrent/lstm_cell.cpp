#include <agate/core/error.hpp>
#include <agate/nn/recurrent/lstm_cell.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/lstm_gates.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::nn {

LSTMCell::LSTMCell(const LSTMCellOptions& options, Random& random) : options_(options) {
  const Index in = options.input_size, hidden = options.hidden_size;
  check(in >= 1 && hidden >= 1, ErrorCode::value, "LSTMCell: input_size = ", in,
        ", hidden_size = ", hidden, ", expected at least 1");
  const Index gates = checked_product(4, hidden, "LSTMCell: 4 * hidden_size");
  weight_ih = {kaiming_uniform({gates, in}, hidden, random)};
  weight_hh = {kaiming_uniform({gates, hidden}, hidden, random)};
  if (!options.bias) return;
  bias_ih = Parameter{kaiming_uniform({gates}, hidden, random)};
  bias_hh = Parameter{kaiming_uniform({gates}, hidden, random)};
}

LSTMState LSTMCell::zero_state(Tape& tape, Index rows) const {
  const Var zero = tape.constant(Tensor::zeros({rows, options_.hidden_size}, &tape.pool()));
  return {zero, zero};
}

LSTMState LSTMCell::operator()(const Features& x, const LSTMState& state) const {
  const Index in = options_.input_size, hidden = options_.hidden_size;
  check(x.cols() == in, ErrorCode::shape, "LSTMCell: x has ", x.cols(),
        " columns, expected input_size = ", in);
  for (const Var* part : {&state.h, &state.c})
    check(part->rows() == x.rows() && part->cols() == hidden, ErrorCode::shape,
          "LSTMCell: a state of ", part->shape().to_string(), " for x of ", x.rows(),
          " rows and hidden_size = ", hidden);
  Tape& tape = x.tape();
  auto product = [&](const Features& of, const Parameter& weight,
                     const std::optional<Parameter>& bias) {
    const Var y = linear(of, tape.parameter(weight));
    return bias ? add_bias(y, tape.parameter(*bias)) : y;
  };
  const Var gates = add(product(x, weight_ih, bias_ih), product(state.h, weight_hh, bias_hh));
  const Var next = lstm_gates(gates, state.c);
  return {columns(next, 0, hidden), columns(next, hidden, 2 * hidden)};
}

void LSTMCell::visit_parameters(const std::string& prefix, const std::string& suffix,
                                const ParameterVisitor& visit) {
  visit(prefix + "weight_ih" + suffix, weight_ih);
  visit(prefix + "weight_hh" + suffix, weight_hh);
  if (!bias_ih) return;
  visit(prefix + "bias_ih" + suffix, *bias_ih);
  visit(prefix + "bias_hh" + suffix, *bias_hh);
}

void LSTMCell::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit_parameters(prefix, "", visit);
}

}  // namespace AGATE_NAMESPACE::nn
