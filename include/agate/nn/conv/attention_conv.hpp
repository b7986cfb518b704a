#pragma once
/// \file
/// What the attention layers on graphs share.

#include <agate/attention/edge_messages.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// What a pass through an attention layer may take and give beyond the features.
struct AttentionArgs {
  std::optional<Var> edge_attr{};  ///< edges x edge_dim, by the caller's edge ids
  /// Filled with the attention weights before dropout: messages x heads, in the order of the
  /// messages of the layer's attended_graph(graph).
  Tensor* weights = nullptr;
};

}  // namespace AGATE_NAMESPACE::nn
