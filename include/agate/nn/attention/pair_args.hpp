#pragma once
/// \file
/// What the attention modules share.

#include <agate/attention/support.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// What a pass through an attention module may take and give beyond queries, keys and values.
struct PairArgs {
  /// Added to the scores, -infinity where there shall be no pair (torch's attn_mask): of the shapes
  /// of AttendOptions::bias.
  std::optional<Var> attn_mask{};
  /// Filled with the weights before dropout: on a dense support heads x queries x keys, on a graph
  /// messages x heads.
  Tensor* weights = nullptr;
  /// Filled with their mean over the heads: queries x keys, or messages x 1.
  Tensor* mean_weights = nullptr;
};

}  // namespace AGATE_NAMESPACE::nn
