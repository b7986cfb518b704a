#pragma once
// The scores as the kernels compute them, and what these have in common.

#include <agate/attention/attend.hpp>

#include "kernels/scores.hpp"

namespace AGATE_NAMESPACE {

// The other scores are these, of queries and keys that were worked on before.
using KernelScore = std::variant<AdditiveScore, AdditiveMlpScore, ScaledDotScore, GaussianScore>;

// Error(shape) or Error(value) when the parts of the score do not fit each other.
KernelScore prepare(const Score& score);

struct ScoreParts {
  Index heads;
  const Var* target;  // scores or queries
  const Var* source;  // scores or keys
  std::optional<Var> edge, vector;
};

ScoreParts score_parts(const KernelScore& score);

// For the kernels, with a bias of pairs where there is one.
kernels::EdgeScore kernel_score(const KernelScore& score, const std::optional<Var>& bias);

// attend, for the two kinds of support. What score and values have to do with each other and with
// the numbers of queries and keys was checked.
Attended attend_edges(const KernelScore& score, const Graph& graph, const Var& values,
                      const AttendOptions& options);
// With weights of the messages, put together of operations that have their gradients; without
// dropout.
Attended attend_weighted_edges(const KernelScore& score, const Graph& graph, const Var& values,
                               const AttendOptions& options);
Attended attend_dense(const KernelScore& score, const Support& support, const Var& values,
                      const AttendOptions& options);

// Error(unsupported) for what random features cannot approximate.
void check_random_features(const Score& score, const Support& support,
                           const AttendOptions& options);
Attended attend_random_features(const KernelScore& score, const Support& support, const Var& values,
                                const RandomFeatures& how);

}  // namespace AGATE_NAMESPACE
