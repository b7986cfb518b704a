#pragma once
/// \file
/// Dataset: a graph, what is known of its nodes, and what is to be learned.

#include <agate/core/config.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/features.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// What carries the labels and is predicted, one item after the other: nodes; edges; links, pairs
/// of nodes of which some are edges; whole graphs.
enum class Task { node, edge, link, graph };

/// "node", "edge", "link", "graph", and back: Error(usage) for another word.
std::string to_string(Task task);
/// The task of that name.
Task parse_task(const std::string& text);
/// What the items of a task are called: "nodes", "edges", "pairs", "graphs".
std::string items_of(Task task);

/// Which items to learn from, to choose the epoch by, and to report on. Ascending, disjoint.
struct Split {
  std::vector<Index> train, val, test;
};

/// A graph, or several packed into one, between which no edge leads, and what is to be learned of
/// its items: of each a class (`y`), or several labels or numbers (`targets`).
struct Dataset {
  std::string name{};  ///< for messages and results
  Graph graph{};
  FeatureMatrix x{};   ///< one row per node
  Tensor edge_attr{};  ///< edges x columns, by edge id; empty: nothing is known of the edges
  /// Several graphs: graph g holds the nodes graph_offsets[g] .. graph_offsets[g + 1] - 1; empty
  /// for one graph.
  std::vector<Index> graph_offsets{};

  Task task = Task::node;
  /// The items of the tasks edge and link. Of task edge item k is the edge with id k, and edges
  /// behind the last item are the same edges run through the other way (add_reverse_edges).
  std::vector<Edge> pairs{};
  std::vector<int> y{};                 ///< class of each item, -1 = not known
  Tensor targets{};                     ///< instead of y: items x labels, NaN = not known
  bool regression = false;              ///< targets are numbers, not 0 and 1
  std::vector<std::string> classes{};   ///< names of the classes in y, or of the columns of targets
  std::vector<std::string> node_ids{};  ///< the caller's names of the nodes; empty: 0, 1, 2, ...
  std::vector<std::string> graph_ids{};  ///< those of the graphs
  std::vector<double> times{};           ///< when each item came to be; empty: not known
  /// Items of one group stay in one part of a split by groups (the scaffolds of molecules); one
  /// for each item, or none.
  std::vector<std::string> groups{};
  /// The row of each item in its source, counted from 0, where some rows made no item (a molecule
  /// that could not be read); empty: item k is row k.
  std::vector<Index> rows{};
  Index source_rows = 0;        ///< with `rows`: how many there were in the source
  std::vector<Split> splits{};  ///< those that came with the data

  Index num_nodes() const { return graph.num_nodes(); }
  Index num_graphs() const { return graph_offsets.empty() ? 1 : std::ssize(graph_offsets) - 1; }
  Index num_features() const { return cols(x); }
  Index num_edge_features() const { return edge_attr.empty() ? 0 : edge_attr.cols(); }
  Index num_items() const;
  /// How many rows the source had, those that made no item too; and the one that made an item.
  Index num_rows() const { return rows.empty() ? num_items() : source_rows; }
  /// The row of the source that made an item.
  Index row_of(Index item) const {
    return rows.empty() ? item : rows[static_cast<std::size_t>(item)];
  }
  bool is_multi_label() const { return !targets.empty() && !regression; }
  int num_classes() const { return static_cast<int>(classes.size()); }
  /// Whether any label of the item is known.
  bool is_labelled(Index item) const;
  /// The name that the source gives to node i; without names its number.
  std::string node_name(Index i) const {
    return node_ids.empty() ? std::to_string(i) : node_ids[static_cast<std::size_t>(i)];
  }
  /// The name of the node or graph, or those of the two ends: "ann -> bob".
  std::string item_name(Index item) const;
};

/// The items with a known label, ascending.
std::vector<Index> labelled_items(const Dataset& dataset);

/// The dataset as if nothing were known of these items. Error(shape) for an item that there is not.
Dataset without_labels(Dataset dataset, std::span<const Index> items);

/// Throws Error(shape) unless the sizes of the parts agree, labels name classes, split indices name
/// items, rows those of the source and every edge stays in its graph, and Error(value) with row and
/// column for a NaN or an infinity in x or edge_attr, a target that is neither 0, 1 nor NaN, or a
/// number to be predicted that is infinite.
void validate(const Dataset& dataset);

/// "accuracy"; "roc_auc" for links and where items carry several labels; "rmse" of numbers.
std::string usual_metric(const Dataset& dataset);

}  // namespace AGATE_NAMESPACE::data
