#pragma once
/// \file
/// What a graph layer is given beside nodes and graph.

#include <agate/attention/edge_messages.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>
#include <optional>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// What a pass through a graph layer may take and give beyond the features.
struct AttentionArgs {
  std::optional<Var> edge_attr{};  ///< edges x edge_dim, by the caller's edge ids
  /// Filled with the attention weights before dropout: messages x heads, in the order of the
  /// messages of the layer's attended_graph(graph).
  Tensor* weights = nullptr;
  /// Where the graphs of a packed batch begin and end, for layers that look beyond the edges (all
  /// pairs, norms of a graph); empty: one graph.
  std::span<const Index> offsets{};
  /// messages x 1, in the order of the messages of the graph given: what a layer collects of each
  /// message is multiplied by its weight, after the softmax or the normalisation, which do not see
  /// it. Loops that the layer adds weigh 1. Gradients reach the weights: so explanations find out
  /// which messages an answer hangs on. Layers that send no messages over edges throw
  /// Error(unsupported), layers without attention take them too (GraphLayer).
  std::optional<Var> message_weights{};
};

}  // namespace AGATE_NAMESPACE::nn
