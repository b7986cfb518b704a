#pragma once
/// \file
/// GPSConv: the layer of Rampasek et al., "Recipe for a General, Powerful, Scalable Graph
/// Transformer", NeurIPS 2022: neighbours and all nodes side by side.

#include <agate/nn/conv/graph_layer.hpp>
#include <agate/nn/linear.hpp>
#include <agate/nn/norm/norm.hpp>
#include <span>
#include <string>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GPSConvOptions {
  Index channels = 0;     ///< of input and output, a multiple of the heads
  Index heads = 1;        ///< of the global attention
  Real dropout = 0;       ///< on what the local layer, the attention and the feed-forward part give
  Real attn_dropout = 0;  ///< on the weights of the global attention, where it has any
  std::string act = "relu";    ///< of the feed-forward part, by name
  std::string norm = "batch";  ///< a name of norm_names()
  /// The global attention: multihead, which is exact, or rfa, by random features and linear in the
  /// number of nodes.
  std::string attn_type = "multihead";
};

class GlobalAttention;

///   l = norm1(x + dropout(conv(x)))        the neighbours, through any graph layer
///   g = norm2(x + dropout(attn(x)))        all nodes of the graph
///   s = l + g                              without a local layer: s = g
///   y = norm3(s + mlp(s))                  mlp: Linear to 2 * channels, act, dropout, Linear,
///                                          dropout
/// Without a local layer this is the encoder layer of a Transformer (Vaswani et al. 2017).
///
/// x (n x channels) -> the same shape. Parameters: `conv.*`, `attn.*` (those of
/// MultiheadAttention or RandomFeatureAttention),
/// `mlp.0.*`, `mlp.3.*`, `norm1.*`, `norm2.*`, `norm3.*` (BatchNorm: `norm1.module.*`).
/// Error(shape) when x or the graph does not fit, Error(unsupported) for sparse features,
/// Error(usage) for another act, norm or attn_type.
class GPSConv : public Module {
 public:
  /// `local` makes n x channels of n x channels; nullptr: attention alone.
  GPSConv(const GPSConvOptions& options, std::unique_ptr<GraphLayer> local, Random& random);
  GPSConv(GPSConv&&) noexcept;
  GPSConv& operator=(GPSConv&&) noexcept;
  ~GPSConv() override;

  /// `args` are those of the local layer; attention looks at all pairs inside each of the graphs
  /// that args.offsets tell of.
  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  /// The local layer's; without one the graph as it is.
  const Graph& attended_graph(const Graph& graph) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  Var feed_forward(const Var& x) const;

  GPSConvOptions options_;
  std::unique_ptr<GraphLayer> local_;
  std::unique_ptr<GlobalAttention> attention_;
  Linear widen_, narrow_;
  std::unique_ptr<Norm> norm1_, norm2_, norm3_;
};

}  // namespace AGATE_NAMESPACE::nn
