#pragma once
/// \file
/// GCNConv: the graph convolution of Kipf and Welling, ICLR 2017.

#include <agate/graph/graph.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GCNConvOptions {
  Index in = 0, out = 0;
  bool add_self_loops = true;
  bool normalize = true;  ///< otherwise A^ is the plain adjacency, without added loops
  bool bias = true;
};

/// y = A^ x W^T + b with A^ = gcn_norm(graph). x (n x in), dense or sparse -> n x out. Aggregates
/// on the narrower side of the projection. Parameters: `lin.weight` (out, in) by Glorot, `bias`
/// (out) zero. Error(shape) when x or the graph does not fit.
class GCNConv : public Module {
 public:
  GCNConv(const GCNConvOptions& options, Random& random);
  Var operator()(const Graph& graph, const Features& x) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Parameter weight;
  std::optional<Parameter> bias;

 private:
  GCNConvOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
