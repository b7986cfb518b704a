#pragma once
/// \file
/// AttentionalAggregation: the readout of Li et al., "Graph Matching Networks for Learning the
/// Similarity of Graph Structured Objects", ICML 2019 (the soft attention of Li et al., "Gated
/// Graph Sequence Neural Networks", ICLR 2016).

#include <agate/nn/mlp.hpp>
#include <agate/nn/pool/readout.hpp>
#include <optional>
#include <variant>

namespace AGATE_NAMESPACE::nn {

/// y_b = sum over the nodes i of graph b of softmax over them of gate_nn(x_i), times nn(x_i); times
/// x_i itself without nn.
///
/// gate_nn makes one column, or as many as nn does (as x has): a weight for each channel. A graph
/// without nodes gives zeros. Parameters: those of gate_nn and nn under `gate_nn.` and `nn.`.
/// Error(shape) for networks that do not fit each other.
class AttentionalAggregation : public Readout {
 public:
  using Network = std::variant<Linear, MLP>;

  explicit AttentionalAggregation(Network gate_nn, std::optional<Network> nn = {});

  Var operator()(const Var& x, std::span<const Index> offsets) const override {
    return with_weights(x, offsets, nullptr);
  }
  /// The weights are the softmax: nodes x 1, or nodes x out_channels().
  Var with_weights(const Var& x, std::span<const Index> offsets, Tensor* weights) const override;
  Index out_channels() const override;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Network gate_nn;
  std::optional<Network> nn;
};

}  // namespace AGATE_NAMESPACE::nn
