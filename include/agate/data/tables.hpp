#pragma once
/// \file
/// A network in two CSV files, one row per node and one row per edge, or in one graph file.

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <functional>
#include <string>

namespace AGATE_NAMESPACE::data {

struct TableOptions {
  std::string nodes{};         ///< path of the node table: a header, then one row per node
  std::string edges{};         ///< path of the edge table: a header, then source and target ids
  std::string graph{};         ///< instead of the two: .graphml, .dot, .gv or node-link .json
  std::string label{};         ///< column of the class; an empty cell is a node to predict; or
                               ///< several columns, as "A,B,C": of 0, 1, and empty where not known
  std::string id{};            ///< column of the ids; empty: "id", or else the first column
  std::string split_column{};  ///< column holding train / val / test; empty: none
  bool directed = false;       ///< edges run one way only
  /// none | auto | a list such as "degree,random_walk:8,spectral:16,identity"; auto: `identity`
  /// where the table has no feature columns, none where it has.
  std::string structural = "auto";
  /// Called with one sentence for what a person should know: a column left out, loops found.
  std::function<void(const std::string&)> note{};
};

struct TableDataset {
  Dataset dataset;
  FeatureSchema schema;
};

/// Reads a network to train on and derives its schema. Columns other than id, label and split are
/// features: numeric when every non-empty cell is a finite number (standardised), text otherwise
/// (one-hot). A column in which most cells but not all are numbers is refused, naming the first
/// cell that is not; so are NaN and infinity. A text column in which nearly every cell is different
/// (a name) is left out, with a note. Endpoint columns of the edge table: `source` and `target`,
/// or the first two. Cells are trimmed of spaces; ids are compared as text.
/// Several label columns make Dataset::targets; a column whose own name holds commas is one column.
/// A graph file (io/graph_file.hpp) is read as the two tables that it could have been: attributes
/// of nodes are columns, those of edges are not used; its own ids name the nodes, and it says
/// itself whether its edges are directed: Error(usage) for `id` and `directed` beside it.
/// Throws Error(format) with FILE:LINE for a ragged row, a duplicate id, an edge to an unknown id,
/// a non-number, a target that is neither 0 nor 1; Error(not_found) for a missing file or column
/// (with the columns there are); Error(value) for a network without nodes or edges.
TableDataset read_tables(const TableOptions& options);

/// Reads a network to predict on, by the schema of a trained model: columns are found by name, in
/// any order; additional ones are ignored with a note; a missing feature column is refused by name;
/// unseen categories become "unknown" (counted in a note); the label column may be missing or
/// hold known labels (used for scoring; a label that is not a class of the model is refused). Of
/// several label columns some may be missing; where `label` names others, they stand for the
/// model's in this order, Error(usage) unless they are as many. A graph
/// file whose edges are directed otherwise than the model's is read as the model's, with a note.
Dataset read_tables(const TableOptions& options, const FeatureSchema& schema);

}  // namespace AGATE_NAMESPACE::data
