#include <agate/core/error.hpp>
#include <agate/data/tables.hpp>
#include <filesystem>
#include <set>

#include "data/columns.hpp"
#include "data/network.hpp"
#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

void note_unused_columns(const NodeTable& table, const FeatureSchema& schema, const Note& note) {
  std::set<std::string_view> used;
  for (const NumericColumn& column : schema.numeric) used.insert(column.name);
  for (const CategoryColumn& column : schema.categories) used.insert(column.name);
  std::string unused;
  for (std::size_t c : table.others)
    if (!used.contains(table.csv.columns[c]))
      unused += (unused.empty() ? "\"" : ", \"") + table.csv.columns[c] + "\"";
  if (!unused.empty()) tell(note, table.csv.path, ": the model does not use column ", unused);
}

void check_schema_columns(const NodeTable& table, const FeatureSchema& schema) {
  for (const NumericColumn& column : schema.numeric) table.csv.column(column.name);
  for (const CategoryColumn& column : schema.categories) table.csv.column(column.name);
}

/// The parts that do not depend on whether the schema is given or made here.
Dataset without_features(const NodeTable& table, const io::CsvTable& edges,
                         const FeatureSchema& schema, const Note& note) {
  Dataset dataset;
  dataset.name = std::filesystem::path(table.csv.path).stem().string();
  dataset.node_ids = read_ids(table);
  if (table.several_labels())
    dataset.targets = read_targets(table);
  else
    dataset.y = read_labels(table, schema.classes);
  dataset.classes = schema.classes;
  dataset.splits = read_split_column(table);
  dataset.graph = link(edges, dataset.node_ids, table.csv.path, schema.directed, note);
  return dataset;
}

}  // namespace

TableDataset read_tables(const TableOptions& options) {
  Network network = read_network(options);
  const NodeTable table = read_node_table(std::move(network.nodes), options, nullptr);
  FeatureSchema schema;
  schema.id_column = table.csv.columns[table.id];
  for (const auto& column : table.labels)
    schema.label_columns.push_back(table.csv.columns[*column]);
  schema.directed = network.directed;
  schema.classes = find_classes(table);
  describe_columns(table, schema, options.note);
  const bool has_columns = !schema.numeric.empty() || !schema.categories.empty();
  schema.structural = parse_structural(options.structural, has_columns);
  check(has_columns || schema.structural.any(), ErrorCode::value, table.csv.path,
        " has no column that can be a feature; ask for structural features, for example identity");
  Dataset dataset = without_features(table, network.edges, schema, options.note);
  if (schema.structural.identity) schema.identity_ids = dataset.node_ids;
  if (schema.structural.degree) describe_degrees(dataset.graph, schema);
  dataset.x = build_features(table, dataset.node_ids, dataset.graph, schema, options.note);
  validate(dataset);
  return {std::move(dataset), std::move(schema)};
}

Dataset read_tables(const TableOptions& options, const FeatureSchema& schema) {
  Network network = read_network(options);
  if (!options.graph.empty() && network.directed != schema.directed)
    tell(options.note, options.graph, ": its edges are ", network.directed ? "" : "not ",
         "directed, those that the model was trained on are", schema.directed ? "" : " not",
         "; they are read as those");
  const NodeTable table = read_node_table(std::move(network.nodes), options, &schema);
  check_schema_columns(table, schema);
  note_unused_columns(table, schema, options.note);
  Dataset dataset = without_features(table, network.edges, schema, options.note);
  dataset.x = build_features(table, dataset.node_ids, dataset.graph, schema, options.note);
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
