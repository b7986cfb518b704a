#pragma once
/// \file
/// Input: what a network is given in one pass.

#include <agate/data/dataset.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>
#include <optional>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// A graph, or several packed into one, and what is known of it, on a tape.
struct Input {
  Graph graph;
  Features x;                        ///< one row per node, prepared (Model::prepare)
  std::optional<Var> edge_attr{};    ///< edges x edge_dim, by the caller's edge ids
  std::span<const Index> offsets{};  ///< where packed graphs begin and end; empty: one graph
  std::span<const Edge> pairs{};     ///< tasks edge and link: the pairs of nodes to score
  std::optional<Var> pair_attr{};    ///< task edge: pairs x at least pair_dim
  /// messages x 1: what each message of the graph counts in all layers (AttentionArgs).
  std::optional<Var> message_weights{};

  Tape& tape() const { return x.tape(); }
};

/// A dataset whose features are prepared, on `tape`; without pairs.
Input input_of(Tape& tape, const data::Dataset& prepared);

/// Gives `input` the pairs that the items named stand for, and of edges what is known of them. The
/// pairs are returned and must outlive the pass.
std::vector<Edge> pick_pairs(const data::Dataset& prepared, std::span<const Index> items,
                             Input& input);

}  // namespace AGATE_NAMESPACE::models
