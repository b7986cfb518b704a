#include <agate/core/error.hpp>
#include <agate/nn/conv/agnn_conv.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {

AGNNConv::AGNNConv(const AGNNConvOptions& options)
    : beta{Tensor::full({1}, 1), options.requires_grad}, options_(options) {}

const Graph& AGNNConv::attended_graph(const Graph& graph) const {
  return options_.add_self_loops ? graph.with_self_loops() : graph;
}

Var AGNNConv::operator()(const Graph& graph, const Features& x, const AttentionArgs& args) const {
  check_nodes("AGNNConv", graph, x, x.cols());
  check(!x.is_sparse(), ErrorCode::unsupported,
        "AGNNConv: x is sparse, expected the dense output of another layer");
  message_attr("AGNNConv", graph, 0, "mean", args);
  const Var& h = x.dense();
  const Graph& attended = attended_graph(graph);
  Attended result = attend(
      CosineScore{.query = h, .key = h, .beta = x.tape().parameter(beta)}, attended, h,
      {.return_weights = args.weights != nullptr,
       .message_weights = weights_of_attended("AGNNConv", graph, attended, args.message_weights)});
  if (args.weights) *args.weights = std::move(result.weights);
  return result.output;
}

void AGNNConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "beta", beta);
}

}  // namespace AGATE_NAMESPACE::nn
