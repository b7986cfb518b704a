#include <agate/core/error.hpp>
#include <agate/data/tables.hpp>
#include <filesystem>

#include "data/columns.hpp"
#include "data/edge_table.hpp"
#include "data/network.hpp"
#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

struct Tables {
  Table nodes, edges;
  std::optional<Table> graphs;
  bool directed = false;

  /// The table whose rows are predicted; links stand in none.
  const Table* items(Task task) const {
    if (task == Task::link) return nullptr;
    return task == Task::node ? &nodes : task == Task::edge ? &edges : &*graphs;
  }
};

Tables find_tables(Network network, const TableOptions& options, const FeatureSchema* schema) {
  Tables tables{.nodes = read_node_table(network, options, schema),
                .edges = {},
                .graphs = {},
                .directed = network.directed};
  tables.edges = read_edge_table(network, tables.nodes, options, schema);
  if (tables.nodes.graph) tables.graphs = read_graph_table(tables.nodes, options, schema);
  return tables;
}

std::string name_of(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  if (name.extension() == ".gz") name = name.stem();
  return name.stem().string();
}

/// The graph and its items, without features.
Dataset without_features(Tables& tables, const FeatureSchema& schema, const Note& note) {
  Dataset dataset;
  dataset.name = name_of(tables.nodes.csv.path);
  if (tables.graphs) {
    dataset.graph_ids = read_ids(*tables.graphs);
    dataset.graph_offsets = gather_graphs(tables.nodes, dataset.graph_ids, tables.graphs->csv.path);
  }
  dataset.node_ids = read_ids(tables.nodes);
  const auto edges = read_edges(tables.edges, dataset, tables.nodes.csv.path, note);
  dataset.graph =
      Graph::from_edges(std::ssize(dataset.node_ids), edges, {.undirected = !schema.directed});
  dataset.task = schema.task;
  if (schema.task == Task::edge) dataset.pairs = edges;
  const Table* items = tables.items(schema.task);
  if (!items) return dataset;
  dataset.classes = schema.classes;
  dataset.regression = schema.regression;
  if (schema.has_targets())
    dataset.targets = read_targets(*items, schema.regression);
  else
    dataset.y = read_labels(*items, schema.classes);
  dataset.splits = read_split_column(*items);
  dataset.times = read_times(*items);
  return dataset;
}

void describe_items(const Tables& tables, const TableOptions& options, FeatureSchema& schema) {
  schema.task = options.task;
  schema.regression = options.regression;
  const Table* items = tables.items(schema.task);
  check(!options.regression || (items && !items->labels.empty()), ErrorCode::usage,
        "regression: no label column names the numbers to predict");
  if (tables.nodes.graph) schema.graph_column = tables.nodes.csv.columns[*tables.nodes.graph];
  schema.time_column = options.time;
  if (!items) return;
  for (const Label& label : items->labels) schema.label_columns.push_back(label.name);
  schema.classes = find_classes(*items, schema.regression);
}

/// The options as the model was trained; Error(usage) where they ask for something else.
TableOptions as_trained(TableOptions options, const FeatureSchema& schema) {
  check(options.task == Task::node || options.task == schema.task, ErrorCode::usage, "task ",
        to_string(options.task), ": the model predicts ", items_of(schema.task));
  check(!options.regression || schema.regression, ErrorCode::usage,
        "regression: the model predicts classes, not numbers");
  options.task = schema.task;
  options.regression = schema.regression;
  return options;
}

}  // namespace

TableDataset read_tables(const TableOptions& options) {
  Tables tables = find_tables(read_network(options), options, nullptr);
  FeatureSchema schema;
  schema.id_column = tables.nodes.csv.columns[tables.nodes.keys[0]];
  schema.directed = tables.directed;
  describe_items(tables, options, schema);
  describe_columns(tables.nodes, schema.numeric, schema.categories, options.note);
  describe_columns(tables.edges, schema.edge_numeric, schema.edge_categories, options.note);
  const bool has_columns = !schema.numeric.empty() || !schema.categories.empty();
  schema.structural = parse_structural(options.structural, has_columns);
  check(has_columns || schema.structural.any(), ErrorCode::value, tables.nodes.csv.path,
        " has no column that can be a feature; ask for structural features, for example identity");
  Dataset dataset = without_features(tables, schema, options.note);
  if (options.structural == "auto" && !has_columns) schema.structural = usual_structural(dataset);
  if (schema.structural.identity) schema.identity_ids = dataset.node_ids;
  describe_degrees(dataset.graph, schema);
  dataset.x = build_features(tables.nodes, dataset, schema, options.note);
  dataset.edge_attr = build_edge_features(tables.edges, schema, options.note);
  validate(dataset);
  return {std::move(dataset), std::move(schema)};
}

Dataset read_tables(const TableOptions& options, const FeatureSchema& schema) {
  const TableOptions trained = as_trained(options, schema);
  Network network = read_network(trained);
  if (!options.graph.empty() && network.directed != schema.directed)
    tell(options.note, options.graph, ": its edges are ", network.directed ? "" : "not ",
         "directed, those that the model was trained on are", schema.directed ? "" : " not",
         "; they are read as those");
  Tables tables = find_tables(std::move(network), trained, &schema);
  check_columns(tables.nodes, schema.numeric, schema.categories, options.note);
  check_columns(tables.edges, schema.edge_numeric, schema.edge_categories, options.note);
  Dataset dataset = without_features(tables, schema, options.note);
  dataset.x = build_features(tables.nodes, dataset, schema, options.note);
  dataset.edge_attr = build_edge_features(tables.edges, schema, options.note);
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
