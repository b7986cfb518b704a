#pragma once
/// \file
/// VirtualNode: one more node for each graph, linked to all others (Gilmer et al., "Neural Message
/// Passing for Quantum Chemistry", ICML 2017), as the examples of the Open Graph Benchmark (Hu et
/// al., NeurIPS 2020) have it.

#include <agate/nn/linear.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a VirtualNode.
struct VirtualNodeOptions {
  Index channels = 0;     ///< of the nodes and of the virtual node
  Index num_layers = 0;   ///< of the network; the virtual node changes between them
  Real dropout = 0;       ///< on what the MLPs give
  bool residual = false;  ///< the virtual node is added to what its MLP gives
};

/// Of a network of layers 0 .. num_layers - 1 that pass h_0, h_1, ... on:
///   v = node.start(tape, graphs);                           the same learned row for each graph
///   h_l = node.spread(h_l, v, offsets);                     h_i + v of its graph, before layer l
///   v = node.update(l, v, h_l, offsets);                    unless layer l is the last
/// with update(l, v, h) = dropout(MLP_l(v + sum of h over the nodes of the graph)) and MLP_l =
/// Linear to 2 channels, BatchNorm, ReLU, Linear to channels, BatchNorm, ReLU.
///
/// h (nodes x channels), graph b being the rows offsets[b] to offsets[b + 1] - 1; v (graphs x
/// channels). Of a graph without nodes the sum is 0. A single graph has no deviation, so that its
/// norms use their running statistics in training too, and leave them. Parameters:
/// `virtualnode_embedding.weight` (1, channels), which starts at 0, and of each MLP
/// `mlp_virtualnode_list.0.0.*`, `.0.1.module.*`, `.0.3.*`, `.0.4.module.*`. Error(shape) when h, v
/// and the graphs do not fit, Error(value) for a layer that has none behind it.
class VirtualNode : public Module {
 public:
  VirtualNode(const VirtualNodeOptions& options, Random& random);

  /// v before the first layer.
  Var start(Tape& tape, Index graphs) const;
  /// h with the v of its graph added.
  Var spread(const Var& h, const Var& v, std::span<const Index> offsets) const;
  /// v behind layer `layer`.
  Var update(Index layer, const Var& v, const Var& h, std::span<const Index> offsets) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const VirtualNodeOptions& options() const { return options_; }

  Parameter embedding;

 private:
  struct Mlp {
    Linear widen, narrow;
    BatchNorm norm1, norm2;
  };
  VirtualNodeOptions options_;
  std::vector<Mlp> mlps_;
};

}  // namespace AGATE_NAMESPACE::nn
