#pragma once
/// \file
/// GCNConv: the graph convolution of Kipf and Welling, ICLR 2017.

#include <agate/graph/graph.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GCNConvOptions {
  Index in = 0, out = 0;
  bool add_self_loops = true;
  bool improved = false;  ///< added loops weigh 2, where edges carry weights
  bool normalize = true;  ///< otherwise A^ is the plain adjacency, without added loops
  bool bias = true;
};

/// y = A^ x W^T + b with A^ = gcn_norm(graph). x (n x in), dense or sparse -> n x out. Aggregates
/// on the narrower side of the projection. Parameters: `lin.weight` (out, in) by Glorot, `bias`
/// (out) zero. Error(shape) when x or the graph does not fit.
///
/// With edge_weight (edges x 1, by the caller's edge ids), A(i, j) = sum of the weights of the
/// messages from j to i, and a loop of weight 1 (improved: 2) for every node that has none; then A^
/// = D^-1/2 A D^-1/2, or A without loops where not normalised. Gradients reach the weights.
/// Error(value) when the weights into a node sum to less than 0.
class GCNConv : public Module {
 public:
  GCNConv(const GCNConvOptions& options, Random& random);
  Var operator()(const Graph& graph, const Features& x) const;
  Var operator()(const Graph& graph, const Features& x, const Var& edge_weight) const;
  /// The first with each message times its weight, after the normalisation, which does not see it:
  /// AttentionArgs::message_weights.
  Var weighted(const Graph& graph, const Features& x, const Var& message_weights) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter weight;
  std::optional<Parameter> bias;

 private:
  Var finish(const Var& y) const;
  GCNConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
