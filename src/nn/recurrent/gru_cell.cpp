#include <agate/nn/recurrent/gru_cell.hpp>
#include <agate/tensor/gru_step.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/recurrent_steps.hpp>

namespace AGATE_NAMESPACE::nn {

GRUCell::GRUCell(const GRUCellOptions& options, Random& random)
    : RecurrentCell("GRUCell", 3, options, random) {}

template <class States>
Var GRUCell::step(const Var& x, const States& h) const {
  check_step(x, {h.rows(), h.cols()});
  Tape& tape = x.tape();
  GRUWeights weights{.ih = tape.parameter(weight_ih), .hh = tape.parameter(weight_hh)};
  if (bias_ih) {
    weights.bias_ih = tape.parameter(*bias_ih);
    weights.bias_hh = tape.parameter(*bias_hh);
  }
  return gru_step(x, h, weights);
}

Var GRUCell::operator()(const Var& x, const Var& h) const { return step(x, h); }

Var GRUCell::operator()(const Var& x, const RepeatedRows& h) const { return step(x, h); }

Var GRUCell::unroll(const Var& x, const Var& first, std::span<const Index> counts) const {
  check_sizes(x, first.shape());
  Tape& tape = x.tape();
  const Var ih = tape.parameter(weight_ih), hh = tape.parameter(weight_hh);
  if (!bias_ih) return gru_steps(linear(x, ih), first, counts, {hh});
  return gru_steps(linear(x, ih, tape.parameter(*bias_ih)), first, counts,
                   {hh, tape.parameter(*bias_hh)});
}

}  // namespace AGATE_NAMESPACE::nn
