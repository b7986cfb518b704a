#pragma once
/// \file
/// Set2Set: the readout of Vinyals, Bengio, Kudlur, "Order Matters: Sequence to Sequence for Sets",
/// ICLR 2016.

#include <agate/nn/pool/readout.hpp>
#include <agate/nn/recurrent/lstm_cell.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct Set2SetOptions {
  Index in_channels = 0;       ///< columns of x, at least 1
  Index processing_steps = 3;  ///< at least 1
};

/// From q*_0 = 0, in each of the steps t, for each graph,
///   q_t  = LSTM(q*_{t-1}),   a_i = softmax over its nodes i of x_i . q_t,   r_t = sum of a_i x_i,
///   q*_t = [q_t, r_t].
///
/// x (nodes x in_channels) -> graphs x 2 in_channels: the last q*. In a graph without nodes r is 0,
/// and q what the LSTM makes of that. Parameters `lstm.weight_ih_l0` (4 in_channels, 2
/// in_channels), `lstm.weight_hh_l0`, `lstm.bias_ih_l0`, `lstm.bias_hh_l0`.
class Set2Set : public Readout {
 public:
  Set2Set(const Set2SetOptions& options, Random& random);

  Var operator()(const Var& x, std::span<const Index> offsets) const override;
  Index out_channels() const override { return 2 * options_.in_channels; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  LSTMCell lstm;

 private:
  Set2SetOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
