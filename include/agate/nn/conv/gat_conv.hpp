#pragma once
/// \file
/// GATConv: the graph attention layer of Velickovic et al., "Graph Attention Networks", ICLR 2018.

#include <agate/graph/graph.hpp>
#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// How the layer starts.
enum class GatInit {
  pyg,    ///< Glorot over the whole weight (heads * out, in) and attention vector (heads, out)
  paper,  ///< Glorot for each head by itself, as the authors' code has it
};

/// PyTorch Geometric's arguments; the last group is what the authors' own code does beyond them.
struct GATConvOptions {
  Index in = 0;   ///< columns of x
  Index out = 0;  ///< channels per head
  Index heads = 1;
  bool concat = true;  ///< heads side by side; otherwise their mean
  Real negative_slope = Real(0.2);
  Real dropout = 0;  ///< on the attention weights
  bool add_self_loops = true;
  bool bias = true;

  Real input_dropout = 0;       ///< on x, with a mask of its own for each head
  Real value_dropout = 0;       ///< on the projected features, after the scores were computed
  bool attention_bias = false;  ///< a bias in each half of the score
  GatInit init = GatInit::pyg;
};

/// With z = W x and, per head h,
///   s(i, j) = LeakyReLU(att_dst . z_i + att_src . z_j),   a(i, j) = softmax over the sources j of
///   i y_i     = sum over j of a(i, j) z_j  (+ bias after heads are concatenated or averaged).
///
/// x (n x in), dense or sparse -> n x (heads * out), or n x out with concat = false. Parameters:
/// `att_src`, `att_dst` (1, heads, out), `lin.weight` (heads * out, in), `bias`; with
/// attention_bias also `att_src_bias`, `att_dst_bias` (heads). Self-loops of the graph are replaced
/// by exactly one per node when add_self_loops. Error(shape) when x or the graph does not fit.
class GATConv : public Module {
 public:
  GATConv(const GATConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x) const { return run(graph, x, nullptr); }
  /// Also gives the attention weights: messages x heads, in the order of the messages of
  /// `attended_graph(graph)`.
  Var operator()(const Graph& graph, const Features& x, Tensor& weights) const {
    return run(graph, x, &weights);
  }
  /// The graph that attention runs on: with self-loops, or as it is.
  const Graph& attended_graph(const Graph& graph) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GATConvOptions& options() const { return options_; }

  Parameter weight, att_src, att_dst;
  std::optional<Parameter> bias, att_src_bias, att_dst_bias;

 private:
  Var run(const Graph& graph, const Features& x, Tensor* weights) const;
  GATConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
