#pragma once
/// \file
/// GATv2Conv: the graph attention layer of Brody, Alon, Yahav, "How Attentive are Graph Attention
/// Networks?", ICLR 2022.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GATv2ConvOptions {
  Index in = 0;      ///< columns of x, or of x_src
  Index in_dst = 0;  ///< columns of x_dst, for two sets of nodes; 0: there is one
  Index out = 0;     ///< channels per head
  Index heads = 1;
  bool concat = true;  ///< heads side by side; otherwise their mean
  Real negative_slope = Real(0.2);
  Real dropout = 0;  ///< on the attention weights
  bool add_self_loops = true;
  Index edge_dim = 0;             ///< columns of edge_attr; 0: edges have none
  FillValue fill_value = "mean";  ///< edge_attr of the loops that the layer adds
  bool bias = true;
  bool share_weights = false;  ///< one projection for sources and targets
  bool residual = false;       ///< adds a projection of x (of x_dst)
};

/// With l = W_l x + b_l of the sources, r = W_r x + b_r of the targets and, per head h,
///   s(i, j) = att . LeakyReLU(r_i + l_j [+ W_edge e_ij])
///   a(i, j) = softmax of s over the sources j of i
///   y_i     = sum over j of a(i, j) l_j  (heads concatenated or averaged, + residual, + bias).
///
/// Shapes as in GATConv. Parameters: `att` (1, heads, out), `lin_l.weight` (heads * out, in),
/// `lin_l.bias`, `lin_r.weight`, `lin_r.bias` (absent with share_weights), `lin_edge.weight`,
/// `res.weight`, `bias`. Error(shape) when x, the graph or edge_attr does not fit.
class GATv2Conv : public Module {
 public:
  GATv2Conv(const GATv2ConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  /// Two sets of nodes: the graph is bipartite, without self-loops added.
  Var operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                 const AttentionArgs& args = {}) const;
  /// The graph that attention runs on: with self-loops, or as it is.
  const Graph& attended_graph(const Graph& graph) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GATv2ConvOptions& options() const { return options_; }

  Linear lin_l;
  std::optional<Linear> lin_r;
  Parameter att;
  std::optional<Parameter> edge_weight, res, bias;

 private:
  Var run(const Graph& graph, const Var& left, const Var& right, const Features& x_dst,
          const AttentionArgs& args) const;
  GATv2ConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
