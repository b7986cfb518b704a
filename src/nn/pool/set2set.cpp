#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/pool/set2set.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/pool/seeds_support.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

const Set2SetOptions& checked(const Set2SetOptions& o) {
  check(o.in_channels >= 1 && o.processing_steps >= 1, ErrorCode::value,
        "Set2Set: in_channels = ", o.in_channels, ", processing_steps = ", o.processing_steps,
        ", expected at least 1");
  return o;
}

}  // namespace

Set2Set::Set2Set(const Set2SetOptions& options, Random& random)
    : lstm({.input_size = 2 * checked(options).in_channels, .hidden_size = options.in_channels},
           random),
      options_(options) {}

Var Set2Set::operator()(const Var& x, std::span<const Index> offsets) const {
  check(x.cols() == options_.in_channels, ErrorCode::shape, "Set2Set: x has ", x.cols(),
        " columns, expected in_channels = ", options_.in_channels);
  const Support support = seeds_support("Set2Set", x.rows(), offsets, 1);
  Tape& tape = x.tape();
  const Index graphs = support.num_queries();
  LSTMState state = lstm.zero_state(tape, graphs);
  Var q_star = tape.constant(Tensor::zeros({graphs, out_channels()}, &tape.pool()));
  for (Index t = 0; t < options_.processing_steps; ++t) {
    state = lstm(q_star, state);
    q_star = concat({state.h, attend(DotScore{state.h, x}, support, x).output});
  }
  return q_star;
}

void Set2Set::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  lstm.visit_parameters(prefix + "lstm.", "_l0", visit);
}

}  // namespace AGATE_NAMESPACE::nn
