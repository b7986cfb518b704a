#pragma once
/// \file
/// GINConv: the layer of Xu, Hu, Leskovec, Jegelka, "How Powerful are Graph Neural Networks?",
/// ICLR 2019.

#include <agate/graph/graph.hpp>
#include <agate/nn/mlp.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GINConvOptions {
  Real eps = 0;  ///< how much more a node counts than a neighbour
  bool train_eps = false;
};

/// y_i = MLP((1 + eps) x_i + sum of x_j over the messages j -> i).
///
/// x (n x channels.front()), dense or sparse -> n x channels.back() of the MLP. Parameters: `eps`
/// (1), a buffer unless train_eps, and those of the MLP under `nn.`. The first product of the MLP
/// is computed on the narrower side of the sum. Error(shape) when x or the graph does not fit.
class GINConv : public Module {
 public:
  GINConv(const GINConvOptions& options, MLP mlp);
  Var operator()(const Graph& graph, const Features& x) const;
  /// With each message times its weight: AttentionArgs::message_weights.
  Var weighted(const Graph& graph, const Features& x, const Var& message_weights) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter eps;
  MLP mlp;
};

}  // namespace AGATE_NAMESPACE::nn
