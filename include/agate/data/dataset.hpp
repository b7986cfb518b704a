#pragma once
/// \file
/// Dataset: a graph, what is known of its nodes, and what is to be learned.

#include <agate/core/config.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// Which nodes to learn from, to choose the epoch by, and to report on. Ascending, disjoint.
struct Split {
  std::vector<Index> train, val, test;
};

/// A graph with labelled nodes (task `node`), or several packed into one, between which no edge
/// leads.
struct Dataset {
  std::string name{};  ///< for messages and results
  Graph graph{};
  FeatureMatrix x{};                    ///< one row per node
  std::vector<int> y{};                 ///< class of each node, -1 = not known
  Tensor targets{};                     ///< instead of y: nodes x labels of 0, 1, NaN = not known
  std::vector<std::string> classes{};   ///< names of the classes in y, or of the labels in targets
  std::vector<std::string> node_ids{};  ///< the caller's names of the nodes; empty: 0, 1, 2, ...
  std::vector<Split> splits{};          ///< those that came with the data
  /// Several graphs: graph g holds the nodes graph_offsets[g] .. graph_offsets[g + 1] - 1; empty
  /// for one graph.
  std::vector<Index> graph_offsets{};

  Index num_nodes() const { return graph.num_nodes(); }
  Index num_graphs() const { return graph_offsets.empty() ? 1 : std::ssize(graph_offsets) - 1; }
  Index num_features() const { return cols(x); }
  bool is_multi_label() const { return !targets.empty(); }
  int num_classes() const { return static_cast<int>(classes.size()); }
  std::string node_name(Index i) const {
    return node_ids.empty() ? std::to_string(i) : node_ids[static_cast<std::size_t>(i)];
  }
};

/// Throws Error(shape) unless the sizes of the parts agree, labels name classes, split indices name
/// nodes and every edge stays in its graph, and Error(value) with row and column for a NaN or an
/// infinity in x or a target that is neither 0, 1 nor NaN.
void validate(const Dataset& dataset);

/// "accuracy", or "roc_auc" where nodes carry several labels.
std::string usual_metric(const Dataset& dataset);

}  // namespace AGATE_NAMESPACE::data
