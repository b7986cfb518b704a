#pragma once
/// \file
/// GATEConv: the first layer of AttentiveFP, from Xiong et al., "Pushing the Boundaries of
/// Molecular Representation for Drug Discovery with the Graph Attention Mechanism", Journal of
/// Medicinal Chemistry 2019, in which neighbours are weighed by what they and the edge hold.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>
#include <agate/tensor/repeated_rows.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments (its GATEConv is only right with as many inputs as outputs).
struct GATEConvOptions {
  Index channels = 0;  ///< columns of x and of the result, at least 1
  Index edge_dim = 0;  ///< columns of edge_attr; 0: edges have none
  Real dropout = 0;    ///< on the attention weights
};

/// With LeakyReLU of the slope 0.01 and W_1 = lin1.weight,
///   s(i, j) = LeakyReLU(att_l . LeakyReLU(W_1 [x_j, e_ij]) + att_r . x_i)
///   a(i, j) = softmax of s over the sources j of i
///   y_i     = sum over j of a(i, j) W_2 x_j + bias.
///
/// x (n x channels), dense -> n x channels. W_1 [x_j, e_ij] is the sum of a product for each node
/// and one for each edge of the caller. No self-loops are added. Parameters, named and ordered as
/// PyTorch Geometric has them: `att_l`, `att_r` (1, channels), `bias` (channels), `lin1.weight`
/// (channels, channels + edge_dim), `lin2.weight` (channels, channels). Error(shape) when x, the
/// graph or edge_attr does not fit, Error(unsupported) for sparse features.
class GATEConv : public Module {
 public:
  GATEConv(const GATEConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  /// The same of x.all(), with one product for each distinct row and, where edges are of few kinds
  /// too, one score for each kind of source with each kind of edge.
  Var operator()(const Graph& graph, const RepeatedRows& x, const AttentionArgs& args = {}) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GATEConvOptions& options() const { return options_; }

  Parameter att_l, att_r, bias, lin1, lin2;

 private:
  using Kinds = std::shared_ptr<const RowClasses>;
  Var run(const Graph& graph, const Var& x, const Kinds& kinds, const AttentionArgs& args) const;

  GATEConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
