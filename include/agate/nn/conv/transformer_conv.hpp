#pragma once
/// \file
/// TransformerConv: the graph Transformer layer of Shi et al., "Masked Label Prediction: Unified
/// Message Passing Model for Semi-Supervised Classification", IJCAI 2021.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct TransformerConvOptions {
  Index in = 0;      ///< columns of x, or of x_src
  Index in_dst = 0;  ///< columns of x_dst, for two sets of nodes; 0: there is one
  Index out = 0;     ///< channels per head
  Index heads = 1;
  bool concat = true;       ///< heads side by side; otherwise their mean
  bool beta = false;        ///< a learned gate between the root and what was collected
  Real dropout = 0;         ///< on the attention weights
  Index edge_dim = 0;       ///< columns of edge_attr; 0: edges have none
  bool bias = true;         ///< of lin_skip
  bool root_weight = true;  ///< adds a projection of x (of x_dst)
};

/// With q = lin_query(x_i), k = lin_key(x_j), v = lin_value(x_j), e = lin_edge(e_ij) and, per head,
///   a(i, j) = softmax over the sources j of q . (k + e) / sqrt(out)
///   m_i     = sum over j of a(i, j) (v + e)   (heads concatenated or averaged)
///   r_i     = lin_skip(x_i)
///   y_i     = m_i + r_i, or with beta  g r_i + (1 - g) m_i,  g = sigmoid(lin_beta [m, r, m - r]).
///
/// Shapes as in GATConv; no self-loops are added. Parameters: `lin_key.*`, `lin_query.*`,
/// `lin_value.*`, `lin_edge.weight`, `lin_skip.*`, `lin_beta.weight`. Error(shape) when x, the
/// graph or edge_attr does not fit.
class TransformerConv : public Module {
 public:
  TransformerConv(const TransformerConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const {
    return (*this)(graph, x, x, args);
  }
  Var operator()(const Graph& graph, const Features& x_src, const Features& x_dst,
                 const AttentionArgs& args = {}) const;
  /// The graph that attention runs on: as it is.
  const Graph& attended_graph(const Graph& graph) const { return graph; }

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const TransformerConvOptions& options() const { return options_; }

  Linear lin_key, lin_query, lin_value;
  std::optional<Linear> lin_edge, lin_skip, lin_beta;

 private:
  TransformerConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
