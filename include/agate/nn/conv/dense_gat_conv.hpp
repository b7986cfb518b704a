#pragma once
/// \file
/// DenseGATConv: GAT without a graph. Every node attends to every node of its graph, by the
/// additive score of Velickovic et al. 2018.

#include <agate/nn/conv/gat_conv.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// GATConv on the complete graph with self-loops, of which nothing is built: memory grows with the
/// nodes, the work with their square. x (n x in), dense or sparse; `offsets` say where the graphs
/// of a packed batch begin and end (graph b: rows offsets[b] .. offsets[b + 1] - 1), without them x
/// is one graph. Options, parameters and output as in GATConv, where edge_dim, in_dst and
/// add_self_loops have no meaning: Error(unsupported) for edge_dim or in_dst other than 0.
/// Error(shape) when x has other columns or the offsets do not end at its rows.
class DenseGATConv : public Module {
 public:
  DenseGATConv(const GATConvOptions& options, Random& random);

  /// `weights` is filled as Attended::weights: heads x n x n, 0 between graphs.
  Var operator()(const Features& x, std::span<const Index> offsets = {},
                 Tensor* weights = nullptr) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GATConvOptions& options() const { return conv_.options(); }

 private:
  GATConv conv_;
};

}  // namespace AGATE_NAMESPACE::nn
