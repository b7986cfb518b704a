#pragma once
/// \file
/// SuperGATConv: the self-supervised graph attention layer of Kim and Oh, "How to Find Your
/// Friendly Neighborhood: Graph Attention Design with Self-Supervision", ICLR 2021.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>
#include <string>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments. Negative pairs are told from edges in both directions whether the
/// graph is undirected or not, so that its is_undirected has no part here.
struct SuperGATConvOptions {
  Index in = 0;   ///< columns of x
  Index out = 0;  ///< channels per head
  Index heads = 1;
  bool concat = true;  ///< heads side by side; otherwise their mean
  Real negative_slope = Real(0.2);
  Real dropout = 0;  ///< on the attention weights
  bool add_self_loops = true;
  bool bias = true;
  std::string attention_type = "MX";  ///< MX (mixed) or SD (scaled dot product)
  Real neg_sample_ratio = Real(0.5);  ///< negative pairs per positive one in the edge loss
  Real edge_sample_ratio = 1;         ///< the share of the messages that the edge loss looks at
};

/// With z = W x and, per head h, d(i, j) = z_i . z_j,
///   MX: e(i, j) = (att_r . z_i + att_l . z_j) * sigmoid(d(i, j))
///   SD: e(i, j) = d(i, j) / sqrt(out)
///   a(i, j) = softmax of LeakyReLU(e) over the sources j of i
///   y_i     = sum over j of a(i, j) z_j  (heads concatenated or averaged, + bias).
///
/// x (n x in), dense or sparse -> n x (heads * out), or n x out with concat = false. Parameters:
/// `lin.weight` (heads * out, in), `bias`, for MX `att_l`, `att_r` (1, heads, out). Self-loops of
/// the graph are replaced by exactly one per node when add_self_loops. Memory grows with messages x
/// heads. Error(shape) when x or the graph does not fit, Error(usage) for another attention type,
/// Error(value) for a ratio out of range.
class SuperGATConv : public Module {
 public:
  SuperGATConv(const SuperGATConvOptions& options, Random& random);

  /// Where `edge_loss` is given it is filled with edge_loss() of this pass.
  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {},
                 std::optional<Var>* edge_loss = nullptr) const;

  /// How badly attention tells the messages of the graph from other pairs, one element: the mean
  /// over positive and negative pairs of the binary cross-entropy of the logit d (SD: e), averaged
  /// over the heads. Positive are the messages, each with the chance edge_sample_ratio; for each
  /// there are neg_sample_ratio negative ones. `z` is what the pass made of x (n x heads * out).
  /// The pairs are drawn from the tape's random numbers.
  Var edge_loss(const Graph& graph, const Var& z) const;

  /// The graph that attention runs on: with self-loops, or as it is.
  const Graph& attended_graph(const Graph& graph) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const SuperGATConvOptions& options() const { return options_; }

  Parameter weight;
  std::optional<Parameter> att_l, att_r, bias;

 private:
  Var pair_scores(const Graph& attended, const Var& z) const;
  SuperGATConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
