#pragma once
// What the scores have in common, and their form for the kernels.

#include <agate/attention/attend.hpp>

#include "kernels/edge_attention.hpp"

namespace AGATE_NAMESPACE {

struct ScoreParts {
  Index heads;
  const Var* target;  // scores or queries
  const Var* source;  // scores or keys
  std::optional<Var> edge, vector;
};

ScoreParts score_parts(const Score& score);
kernels::EdgeScore kernel_score(const Score& score);
// Error(shape) or Error(value) unless the score makes sense on the edges of the graph.
void check_score(const Score& score, const Graph& graph);

}  // namespace AGATE_NAMESPACE
