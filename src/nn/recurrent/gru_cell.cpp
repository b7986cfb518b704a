#include <agate/nn/recurrent/gru_cell.hpp>
#include <agate/tensor/gru_gates.hpp>
#include <agate/tensor/linear.hpp>

namespace AGATE_NAMESPACE::nn {

GRUCell::GRUCell(const GRUCellOptions& options, Random& random)
    : RecurrentCell("GRUCell", 3, options, random) {}

Var GRUCell::operator()(const Features& x, const Var& h) const {
  check_step(x, h);
  Tape& tape = h.tape();
  std::optional<GRUBiases> biases;
  if (bias_ih) biases = {tape.parameter(*bias_ih), tape.parameter(*bias_hh)};
  return gru_gates(linear(x, tape.parameter(weight_ih)), linear(h, tape.parameter(weight_hh)), h,
                   biases);
}

}  // namespace AGATE_NAMESPACE::nn
