#pragma once
/// \file
/// SAGEConv: the layer of Hamilton, Ying, Leskovec, "Inductive Representation Learning on Large
/// Graphs" (GraphSAGE), NeurIPS 2017.

#include <agate/graph/graph.hpp>
#include <agate/nn/linear.hpp>
#include <optional>
#include <string>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct SAGEConvOptions {
  Index in = 0;      ///< columns of x, or of x_src
  Index in_dst = 0;  ///< columns of x_dst, for two sets of nodes; 0: as many as `in`
  Index out = 0;
  std::string aggr = "mean";  ///< mean, max or sum (also called add)
  bool normalize = false;     ///< rows of the output of length 1
  bool root_weight = true;    ///< otherwise a node does not see itself
  bool project = false;       ///< relu(lin(x)) of the neighbours before they are aggregated
  bool bias = true;
};

/// y_i = W_l aggr of x_j over the messages j -> i (+ W_r x_i) (+ bias); a node without neighbours
/// aggregates to 0.
///
/// x (n x in), dense or sparse -> n x out. Parameters: `lin_l.weight` (out, in), `lin_l.bias`
/// (out), `lin_r.weight` (out, in_dst), with project `lin.weight` (in, in) and `lin.bias`. Error
/// (usage) for another aggr, Error(shape) when x or the graph does not fit, Error(unsupported) for
/// the maximum of sparse features that are not projected, which would be dense.
class SAGEConv : public Module {
 public:
  SAGEConv(const SAGEConvOptions& options, Random& random);

  Var operator()(const Graph& graph, const Features& x) const;
  /// With each message times its weight before they are aggregated; a mean still divides by their
  /// number: AttentionArgs::message_weights.
  Var weighted(const Graph& graph, const Features& x, const Var& message_weights) const;
  /// Two sets of nodes: the graph is bipartite.
  Var operator()(const Graph& graph, const Features& x_src, const Features& x_dst) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const SAGEConvOptions& options() const { return options_; }

  std::optional<Linear> lin;
  Linear lin_l;
  std::optional<Linear> lin_r;

 private:
  Var run(const Graph& graph, const Features& x_src, const Features& x_dst,
          const Var* message_weights) const;
  Var aggregate(const Graph& graph, const Features& x, const Var* message_weights) const;
  SAGEConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
