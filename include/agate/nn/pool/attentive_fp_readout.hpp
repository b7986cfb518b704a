#pragma once
/// \file
/// AttentiveFPReadout: the molecules of Xiong et al., "Pushing the Boundaries of Molecular
/// Representation for Drug Discovery with the Graph Attention Mechanism", Journal of Medicinal
/// Chemistry 2019: a virtual node of each graph that attends to its nodes, again and again.

#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/nn/recurrent/gru_cell.hpp>

namespace AGATE_NAMESPACE::nn {

/// As PyTorch Geometric's AttentiveFP.
struct AttentiveFPReadoutOptions {
  Index channels = 0;          ///< columns of x, at least 1
  Index num_timesteps = 2;     ///< at least 1
  Real dropout = 0;            ///< on what attention collected
  Real attention_dropout = 0;  ///< on the attention weights
};

/// From g = ReLU(sum of the x_i of a graph), in each of the timesteps
///   c = ELU(GATConv of one head from the x_i to g),   g = ReLU(GRUCell(dropout(c), g)).
///
/// x (nodes x channels) -> graphs x channels: the last g; of a graph without nodes what becomes of
/// zeros. GATConv's product with its weight is that of graphs, not of nodes. The slope of LeakyReLU
/// is 0.01. Parameters `mol_conv.*` as GATConv has them, `mol_gru.*` as GRUCell. The weights of
/// with_weights() are those of the last timestep, before dropout: nodes x 1.
class AttentiveFPReadout : public Readout {
 public:
  AttentiveFPReadout(const AttentiveFPReadoutOptions& options, Random& random);

  Var operator()(const Var& x, std::span<const Index> offsets) const override {
    return with_weights(x, offsets, nullptr);
  }
  Var with_weights(const Var& x, std::span<const Index> offsets, Tensor* weights) const override;
  Index out_channels() const override { return options_.channels; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  GATConv mol_conv;
  GRUCell mol_gru;

 private:
  AttentiveFPReadoutOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
