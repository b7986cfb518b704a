#pragma once
/// \file
/// A network, or several, in CSV files, one row per node and one row per edge, or in a graph file.

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <functional>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Where a network is read from, which of its columns are what, and what is to be learned.
struct TableOptions {
  /// Path of the node table: a header, then one row per node; empty: the nodes are the ids that the
  /// edge table names, in the order of their first appearance, and nothing is known of them.
  std::string nodes{};
  std::string edges{};   ///< path of the edge table: a header, then source and target ids
  std::string graph{};   ///< instead of the two: .graphml, .dot, .gv or node-link .json
  std::string graphs{};  ///< path of a table of graphs, where there are several: a header, then ids
  /// What carries the labels: the rows of the node table, of the edge table (its row k is item k,
  /// Dataset::pairs) or of the table of graphs. Links need none: `label` and `time` are then
  /// columns that are left out, and Dataset::pairs stays empty.
  Task task = Task::node;
  /// Column of the class of an item; an empty cell is one to predict. "COLUMN>3" (or >=, <, <=)
  /// makes the classes "no" and "yes" of a column of numbers. Or several columns, as "A,B,C": of 0,
  /// 1, and empty where not known.
  std::string label{};
  bool regression = false;  ///< the label columns hold numbers to be predicted
  std::string id{};         ///< column of the ids; empty: "id", or else the first column
  std::string
      graph_column{};  ///< column of the node table that names the graph of each node; empty:
                       ///< "graph" with a table of graphs or for task graph, else one graph
  std::string split_column{};  ///< column of the items holding train / val / test; empty: none
  std::string time{};          ///< column of the items holding numbers such as seconds since 1970
  bool directed = false;       ///< edges run one way only
  bool edge_features = true;   ///< further columns of the edge table become Dataset::edge_attr
  /// none | auto | a list such as "degree,out_degree,random_walk:8,spectral:16,identity"; auto:
  /// none where the node table has feature columns. Where it has none, to tell the nodes of one
  /// graph `identity`; otherwise `degree`, `out_degree` where edges are directed, and what takes
  /// seconds at most: of one graph whose nodes are near to each other `spectral:8`, else
  /// `random_walk:8`.
  std::string structural = "auto";
  /// Called with one sentence for what a person should know: a column left out, loops found.
  std::function<void(const std::string&)> note{};
};

/// A network, and what the columns of its tables mean.
struct TableDataset {
  Dataset dataset;
  FeatureSchema schema;
};

/// Reads a network to train on and derives its schema. Columns of the node table other than id,
/// label, split, time and graph are features: numeric when every non-empty cell is a finite number
/// (standardised), text otherwise (one-hot). A column in which most cells but not all are numbers
/// is refused, naming the first cell that is not; so are NaN and infinity. A text column in which
/// nearly every cell is different (a name) is left out, with a note. Columns of the edge table
/// other than source, target, label, split and time are features of the edges by the same rules;
/// endpoints are `source` and `target`, or the first two. Cells are trimmed of spaces; ids are
/// compared as text.
/// Several label columns, or a regression, make Dataset::targets; a column whose own name holds
/// commas is one column. The nodes of several graphs are put next to each other, in the order of
/// the table of graphs, or that of their first appearance.
/// A graph file (io/graph_file.hpp) is read as the two tables that it could have been: attributes
/// of nodes and edges are columns; its own ids name the nodes, and it says itself whether its edges
/// are directed: Error(usage) for `id` and `directed` beside it.
/// Throws Error(format) with FILE:LINE for a ragged row, a duplicate id, an edge to an unknown id
/// or from one graph to another, a node of an unknown graph, a non-number, a target that is neither
/// 0 nor 1; Error(not_found) for a missing file or column (with the columns there are);
/// Error(value) for a network without nodes or edges; Error(usage) for a label or a time where
/// nothing could hold it.
TableDataset read_tables(const TableOptions& options);

/// Reads a network to predict on, by the schema of a trained model, which decides the task: columns
/// of nodes and edges are found by name, in any order; additional ones are ignored with a note; a
/// missing feature column is refused by name;
/// unseen categories become "unknown" (counted in a note); the label column may be missing or
/// hold known labels (used for scoring; a label that is not a class of the model is refused). Of
/// several label columns some may be missing; where `label` names others, they stand for the
/// model's in this order, Error(usage) unless they are as many, and for another task. A graph
/// file whose edges are directed otherwise than the model's is read as the model's, with a note.
Dataset read_tables(const TableOptions& options, const FeatureSchema& schema);

}  // namespace AGATE_NAMESPACE::data
