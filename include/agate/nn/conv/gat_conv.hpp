#pragma once
/// \file
/// GATConv: the graph attention layer of Velickovic et al., "Graph Attention Networks", ICLR 2018.

#include <agate/attention/score.hpp>
#include <agate/attention/support.hpp>
#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>

namespace AGATE_NAMESPACE::nn {

/// How the layer starts.
enum class GatInit {
  pyg,    ///< Glorot over the whole weight (heads * out, in) and attention vector (heads, out)
  paper,  ///< Glorot for each head by itself, as the authors' code has it
};

/// PyTorch Geometric's arguments; the last group is what the authors' own code does beyond them.
struct GATConvOptions {
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
  bool residual = false;  ///< adds a projection of x (of x_dst)

  Real input_dropout = 0;       ///< on x, with a mask of its own for each head
  Real value_dropout = 0;       ///< on the projected features, after the scores were computed
  bool attention_bias = false;  ///< a bias in each half of the score
  GatInit init = GatInit::pyg;
};

/// With z = W x and, per head h,
///   s(i, j) = LeakyReLU(att_dst . z_i + att_src . z_j [+ att_edge . W_edge e_ij])
///   a(i, j) = softmax of s over the sources j of i
///   y_i     = sum over j of a(i, j) z_j  (heads concatenated or averaged, + residual, + bias).
///
/// x (n x in), dense or sparse -> n x (heads * out), or n x out with concat = false. Parameters:
/// `att_src`, `att_dst` (1, heads, out), `lin.weight` (heads * out, in), with two sets of nodes
/// `lin_src.weight` and `lin_dst.weight` instead; `bias`; with edge_dim `lin_edge.weight` (heads *
/// out, edge_dim) and `att_edge`; with residual `res.weight`; with attention_bias `att_src_bias`,
/// `att_dst_bias` (heads). Self-loops of the graph are replaced by exactly one per node when
/// add_self_loops. Error(shape) when x, the graph or edge_attr does not fit.
class GATConv : public Module {
 public:
  GATConv(const GATConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  /// Two sets of nodes: the graph is bipartite, without self-loops added.
  Var operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                 const AttentionArgs& args = {}) const;
  /// Over the pairs of any support of one set of nodes, loops neither added nor taken away. Fills
  /// `weights` as Attended::weights. Error(unsupported) for a layer with edge features.
  Var on_support(const Support& support, const Features& x, Tensor* weights = nullptr) const;
  /// Few targets, again and again, over the pairs of any support: `sources` is what x_src brings
  /// to all of them. Of one head the weighted sums are projected, not the sources: as many rows as
  /// targets. Error(shape) and Error(unsupported) as on_support above.
  struct Sources {
    Var values, score;  ///< sources x in, or x heads * out; sources x heads
  };
  /// What x_src (sources x in) brings to all targets.
  Sources sources(const Var& x_src) const;
  /// The targets x_dst (targets x in) look at these sources.
  Var on_support(const Support& support, const Sources& sources, const Var& x_dst,
                 Tensor* weights = nullptr) const;
  /// The graph that attention runs on: with self-loops, or as it is.
  const Graph& attended_graph(const Graph& graph) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GATConvOptions& options() const { return options_; }

  Parameter weight, att_src, att_dst;  ///< weight: `lin.weight`, or `lin_src.weight`
  std::optional<Parameter> weight_dst, edge_weight, att_edge, res, bias, att_src_bias, att_dst_bias;

 private:
  Var project(const Features& x, const Parameter& weight) const;
  bool projects_sums() const;
  Var folded_score(const Var& x, const Parameter& weight, const Parameter& att,
                   const std::optional<Parameter>& bias) const;
  Var half_score(const Var& z, const Parameter& att, const std::optional<Parameter>& bias) const;
  AdditiveScore score(const Var& z_src, const Var& z_dst) const;
  Var collect(const AdditiveScore& score, const Support& support, const Var& z_src,
              const Features& x_dst, Tensor* weights,
              const std::optional<Var>& message_weights = {}) const;
  Var run(const Graph& graph, const Var& z_src, const Var& z_dst, const Features& x_dst,
          const AttentionArgs& args) const;
  GATConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
