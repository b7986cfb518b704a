#pragma once
/// \file
/// FeatureSchema: how the columns of the tables of nodes and edges became features, and which of
/// them are labels. It is saved with a model, so that new tables (columns in another order, unseen
/// categories) are read in exactly the same way.

#include <agate/core/config.hpp>
#include <agate/data/dataset.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// A numeric column: (value - mean) / deviation; an empty cell is the mean. One feature.
struct NumericColumn {
  std::string name;
  double mean = 0, deviation = 1;
};

/// A text column: one-hot over the categories seen in training, and one more feature, the last, for
/// "unknown" (a category not seen in training, or an empty cell).
struct CategoryColumn {
  std::string name;
  std::vector<std::string> categories;  ///< sorted
};

/// Features computed from the graph itself.
struct StructuralFeatures {
  bool identity = false;  ///< one-hot of the node id over the ids seen in training, and "unknown"
  bool degree = false;    ///< log(1 + degree), of a directed graph of edges that lead to the node;
                          ///< standardised by the training graph
  bool out_degree = false;  ///< the same of the edges that lead away from it
  int random_walk = 0;      ///< probability of being back after 1 .. k steps
  int spectral = 0;         ///< eigenvectors of the normalised adjacency, largest entry positive
  bool any() const { return identity || encodings() > 0; }
  std::string to_string() const;  ///< as TableOptions::structural takes it
  /// Columns of all but the identity: numbers that describe a node's place.
  Index encodings() const { return Index{degree} + Index{out_degree} + random_walk + spectral; }
};

/// What the columns of tables mean to a model: how each becomes features, and what its labels are
/// called. Saved with the model, so that it reads other tables the way it was trained.
struct FeatureSchema {
  Index archive_columns = 0;  ///< of an archive (.npz), before all others; 0: read from tables
  Task task = Task::node;
  bool regression = false;   ///< the labels are numbers
  std::string id_column;     ///< empty: the rows are numbered
  std::string graph_column;  ///< of the node table, where there are several graphs
  std::string time_column;   ///< of the items
  /// One: classes; more: several labels for each item. "rating>0" is the column "rating", cut into
  /// the classes "no" and "yes".
  std::vector<std::string> label_columns;
  /// Sorted, numerically when all are numbers; of several labels the columns, as they were named.
  std::vector<std::string> classes;
  std::vector<NumericColumn> numeric;
  std::vector<CategoryColumn> categories;
  std::vector<NumericColumn> edge_numeric;  ///< of the edge table
  std::vector<CategoryColumn> edge_categories;
  StructuralFeatures structural;
  std::vector<std::string> identity_ids;         ///< for structural.identity
  double degree_mean = 0, degree_deviation = 1;  ///< for structural.degree
  double out_degree_mean = 0, out_degree_deviation = 1;
  bool directed = false;

  bool has_targets() const { return regression || label_columns.size() > 1; }

  /// Columns of the feature matrix: those of an archive, or numeric, then categories; then
  /// structural, in this order.
  Index num_features() const;
  /// One name per column of the feature matrix, such as "age", "town=Oslo", "town=(unknown)",
  /// "degree", "out_degree", "walk 2", "spectral 1".
  std::vector<std::string> feature_names() const;
  /// The same of Dataset::edge_attr: edge_numeric, then edge_categories.
  Index num_edge_features() const;
  std::vector<std::string> edge_feature_names() const;
};

/// The schema as JSON text, and back; what an older agate wrote is read. Error(format) when the
/// text is not one.
std::string to_json(const FeatureSchema& schema);
/// The schema that to_json() wrote.
FeatureSchema schema_from_json(const std::string& text);

}  // namespace AGATE_NAMESPACE::data
