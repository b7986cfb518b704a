#pragma once
// GNNExplainer: masks of edges and features, learned.

#include <agate/explain/item_explanation.hpp>

#include "explain/computation_graph.hpp"

namespace AGATE_NAMESPACE::explain {

struct Masks {
  Tensor edges;     // one row for each edge of graph.counting()
  Tensor features;  // one element for each column; empty: none
};

// Before the sigmoid, as PyTorch Geometric draws them.
Masks random_masks(const ComputationGraph& graph, const MaskOptions& options, std::uint64_t seed);

// After it, from `start`; 0 where no gradient came in the first epoch. `dataset` says what the
// outputs mean.
Masks learn_masks(const models::Model& model, const ComputationGraph& graph,
                  const data::Dataset& dataset, Index output, const MaskOptions& options,
                  const Masks& start, int threads,
                  const std::function<void(Index, Index)>& progress = {});

// For each message of `graph.part` the number of its edge among `of_counting` (a row for each edge
// of counting()), 1 for all others.
Var message_weights(const ComputationGraph& graph, const Var& of_counting);

// The features of the part beside each other. Error(limit) for more than most_dense_features.
Tensor dense_features(const ComputationGraph& graph);

}  // namespace AGATE_NAMESPACE::explain
