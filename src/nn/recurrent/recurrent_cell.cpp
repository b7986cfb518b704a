#include <agate/core/error.hpp>
#include <agate/nn/recurrent/recurrent_cell.hpp>

namespace AGATE_NAMESPACE::nn {

RecurrentCell::RecurrentCell(const char* name, Index gates, const RecurrentCellOptions& options,
                             Random& random)
    : name_(name), options_(options) {
  const Index in = options.input_size, hidden = options.hidden_size;
  check(in >= 1 && hidden >= 1, ErrorCode::value, name, ": input_size = ", in,
        ", hidden_size = ", hidden, ", expected at least 1");
  const Index rows = checked_product(gates, hidden, "gates * hidden_size");
  weight_ih = {kaiming_uniform({rows, in}, hidden, random)};
  weight_hh = {kaiming_uniform({rows, hidden}, hidden, random)};
  if (!options.bias) return;
  bias_ih = Parameter{kaiming_uniform({rows}, hidden, random)};
  bias_hh = Parameter{kaiming_uniform({rows}, hidden, random)};
}

void RecurrentCell::check_sizes(const Features& x, const Shape& state) const {
  check(x.cols() == options_.input_size, ErrorCode::shape, name_, ": x has ", x.cols(),
        " columns, expected input_size = ", options_.input_size);
  check(state.rank() == 2 && state[1] == options_.hidden_size, ErrorCode::shape, name_,
        ": a state of ", state.to_string(), ", expected hidden_size = ", options_.hidden_size,
        " columns");
}

void RecurrentCell::check_step(const Features& x, const Shape& state) const {
  check(x.cols() == options_.input_size, ErrorCode::shape, name_, ": x has ", x.cols(),
        " columns, expected input_size = ", options_.input_size);
  check(state == Shape{x.rows(), options_.hidden_size}, ErrorCode::shape, name_, ": a state of ",
        state.to_string(), " for x of ", x.rows(),
        " rows and hidden_size = ", options_.hidden_size);
}

Var RecurrentCell::zeros(Tape& tape, Index rows) const {
  return tape.constant(Tensor::zeros({rows, options_.hidden_size}, &tape.pool()));
}

void RecurrentCell::visit_parameters(const std::string& prefix, const std::string& suffix,
                                     const ParameterVisitor& visit) {
  visit(prefix + "weight_ih" + suffix, weight_ih);
  visit(prefix + "weight_hh" + suffix, weight_hh);
  if (!bias_ih) return;
  visit(prefix + "bias_ih" + suffix, *bias_ih);
  visit(prefix + "bias_hh" + suffix, *bias_hh);
}

void RecurrentCell::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit_parameters(prefix, "", visit);
}

}  // namespace AGATE_NAMESPACE::nn
