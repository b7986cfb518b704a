#pragma once
/// \file
/// AGNNConv: the propagation layer of Thekumparampil, Wang, Oh, Li, "Attention-based Graph Neural
/// Network for Semi-Supervised Learning", 2018.

#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct AGNNConvOptions {
  bool requires_grad = true;  ///< otherwise beta stays 1
  bool add_self_loops = true;
};

///   a(i, j) = softmax over the sources j of i of beta * cos(x_i, x_j)
///   y_i     = sum over j of a(i, j) x_j.
///
/// x (n x d) -> n x d. Parameter: `beta` (1), which starts at 1; a buffer unless requires_grad.
/// Self-loops of the graph are replaced by exactly one per node when add_self_loops. Error(shape)
/// when the graph does not fit or edge_attr is given, Error(unsupported) for sparse features, whose
/// output would be dense.
class AGNNConv : public Module {
 public:
  explicit AGNNConv(const AGNNConvOptions& options = {});

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args = {}) const;
  /// The graph that attention runs on: with self-loops, or as it is.
  const Graph& attended_graph(const Graph& graph) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter beta;

 private:
  AGNNConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
