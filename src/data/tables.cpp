#include <agate/core/error.hpp>
#include <agate/data/tables.hpp>
#include <agate/io/csv.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "data/columns.hpp"
#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

using Numbers = std::unordered_map<std::string_view, NodeId>;

/// Where the endpoints stand: `source` and `target`, or the first two columns.
struct Endpoints {
  std::size_t source = 0, target = 1;
};

Endpoints find_endpoints(const io::CsvTable& csv) {
  check(csv.columns.size() >= 2, ErrorCode::format, csv.path, " has ", csv.columns.size(),
        " column, expected at least source and target");
  const auto source = csv.find_column("source"), target = csv.find_column("target");
  return source && target ? Endpoints{*source, *target} : Endpoints{};
}

NodeId endpoint(const io::CsvTable& csv, std::size_t row, std::size_t column, const Numbers& number,
                const char* role, const std::string& nodes_path) {
  const std::string& id = csv.rows[row][column];
  const auto found = number.find(id);
  check(found != number.end(), ErrorCode::format, csv.path, ":", csv.lines[row], ": ", role, " \"",
        id, "\" is not an id in ", nodes_path);
  return found->second;
}

Graph read_edges(const TableOptions& options, bool directed, const std::vector<std::string>& ids) {
  const io::CsvTable csv = io::read_csv(options.edges);
  check(!csv.rows.empty(), ErrorCode::value, options.edges, " has no edges, only a header");
  const auto [source, target] = find_endpoints(csv);
  Numbers number;
  for (const std::string& id : ids) number.emplace(id, static_cast<NodeId>(number.size()));
  std::vector<Edge> edges;
  Index loops = 0;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    edges.push_back({endpoint(csv, r, source, number, "source", options.nodes),
                     endpoint(csv, r, target, number, "target", options.nodes)});
    loops += edges.back().source == edges.back().target;
  }
  if (loops > 0)
    tell(options.note, csv.path, ": ", loops, " of ", edges.size(),
         " edges lead from a node to itself");
  if (csv.columns.size() > 2)
    tell(options.note, csv.path, ": columns other than \"", csv.columns[source], "\" and \"",
         csv.columns[target], "\" are not used");
  return Graph::from_edges(std::ssize(ids), edges, {.undirected = !directed});
}

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
Dataset without_features(const TableOptions& options, const NodeTable& table, bool directed,
                         std::vector<std::string> classes) {
  Dataset dataset;
  dataset.name = std::filesystem::path(options.nodes).stem().string();
  dataset.node_ids = read_ids(table);
  if (table.several_labels())
    dataset.targets = read_targets(table);
  else
    dataset.y = read_labels(table, classes);
  dataset.classes = std::move(classes);
  dataset.splits = read_split_column(table);
  dataset.graph = read_edges(options, directed, dataset.node_ids);
  return dataset;
}

}  // namespace

TableDataset read_tables(const TableOptions& options) {
  const NodeTable table = read_node_table(options, nullptr);
  FeatureSchema schema;
  schema.id_column = table.csv.columns[table.id];
  for (const auto& column : table.labels)
    schema.label_columns.push_back(table.csv.columns[*column]);
  schema.directed = options.directed;
  schema.classes = find_classes(table);
  describe_columns(table, schema, options.note);
  const bool has_columns = !schema.numeric.empty() || !schema.categories.empty();
  schema.structural = parse_structural(options.structural, has_columns);
  check(has_columns || schema.structural.any(), ErrorCode::value, options.nodes,
        " has no column that can be a feature; ask for structural features, for example identity");
  Dataset dataset = without_features(options, table, schema.directed, schema.classes);
  if (schema.structural.identity) schema.identity_ids = dataset.node_ids;
  if (schema.structural.degree) describe_degrees(dataset.graph, schema);
  dataset.x = build_features(table, dataset.node_ids, dataset.graph, schema, options.note);
  validate(dataset);
  return {std::move(dataset), std::move(schema)};
}

Dataset read_tables(const TableOptions& options, const FeatureSchema& schema) {
  const NodeTable table = read_node_table(options, &schema);
  check_schema_columns(table, schema);
  note_unused_columns(table, schema, options.note);
  Dataset dataset = without_features(options, table, schema.directed, schema.classes);
  dataset.x = build_features(table, dataset.node_ids, dataset.graph, schema, options.note);
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
