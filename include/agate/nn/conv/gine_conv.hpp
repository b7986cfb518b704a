#pragma once
/// \file
/// GINEConv: GINConv with features of the edges, from Hu et al., "Strategies for Pre-training Graph
/// Neural Networks", ICLR 2020.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/mlp.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GINEConvOptions {
  Real eps = 0;  ///< how much more a node counts than a neighbour
  bool train_eps = false;
  /// Columns of edge_attr, which `lin` makes as wide as x; 0: edge_attr, if any, is as wide as x.
  Index edge_dim = 0;
};

/// y_i = MLP((1 + eps) x_i + sum of ReLU(x_j + e_ij) over the messages j -> i), with e_ij the row
/// of edge_attr of the edge, or lin of that row: see relu_messages.hpp. Without edge_dim and
/// without edge_attr the messages are ReLU(x_j).
///
/// x (n x channels.front()) -> n x channels.back() of the MLP. Parameters: `eps` (1), a buffer
/// unless train_eps, those of the MLP under `nn.`, `lin.weight` (channels.front(), edge_dim) and
/// `lin.bias`. Error(shape) when x, the graph or edge_attr does not fit, Error(unsupported) for
/// sparse features.
class GINEConv : public Module {
 public:
  GINEConv(const GINEConvOptions& options, MLP mlp, Random& random);
  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter eps;
  MLP mlp;
  std::optional<Linear> lin;
};

}  // namespace AGATE_NAMESPACE::nn
