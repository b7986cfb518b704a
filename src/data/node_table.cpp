#include "data/node_table.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

namespace AGATE_NAMESPACE::data {
namespace {

/// The column that names the graph of each node, where several are told apart.
std::optional<std::size_t> find_graph_column(const io::CsvTable& csv, const TableOptions& options,
                                             const FeatureSchema* schema) {
  const std::string known = schema ? schema->graph_column : "";
  if (!options.graph_column.empty()) return csv.column(options.graph_column);
  if (!options.graphs.empty() || options.task == Task::graph)
    return csv.column(known.empty() ? "graph" : known);
  const auto found = find_named(csv, "", known);
  if (!known.empty() && !found)
    tell(options.note, csv.path, " has no column \"", known, "\": it is read as one graph");
  return found;
}

}  // namespace

Table read_node_table(Network& network, const TableOptions& options, const FeatureSchema* schema) {
  Table table{.csv = std::move(network.nodes)};
  check_text(table.csv);
  if (options.task == Task::node) find_item_columns(table, options, schema);
  if (options.task == Task::link && !options.label.empty()) {
    table.labels = find_labels(table.csv, options.label, nullptr);
    tell(options.note, table.csv.path, ": to predict links the label \"", options.label,
         "\" is not needed, and it is left out of the features");
  }
  table.graph = find_graph_column(table.csv, options, schema);
  const std::string known = schema ? schema->id_column : "";
  table.keys = {network.own_ids ? 0 : find_id(table, options.id, known, "nodes", options.note)};
  settle_columns(table, {"id"});
  return table;
}

Table read_graph_table(const Table& nodes, const TableOptions& options,
                       const FeatureSchema* schema) {
  Table table;
  if (options.graphs.empty()) {
    check(options.task != Task::graph || options.label.empty(), ErrorCode::usage, "label \"",
          options.label, "\": the labels of graphs stand in a table of graphs, and there is none");
    table.csv = {.path = nodes.csv.path, .columns = {"id"}, .rows = {}, .lines = {}};
    std::set<std::string_view> seen;
    for (Index r = 0; r < nodes.size(); ++r) {
      const std::string& graph = nodes.cell(r, *nodes.graph);
      check(!graph.empty(), ErrorCode::format, nodes.place(r, *nodes.graph),
            " is empty, expected the name of a graph");
      if (!seen.insert(graph).second) continue;
      table.csv.rows.push_back({graph});
      table.csv.lines.push_back(nodes.csv.lines.empty() ? r : nodes.csv.lines[r]);
    }
  } else {
    table.csv = io::read_csv(options.graphs);
    check_text(table.csv);
    check(!table.csv.rows.empty(), ErrorCode::value, options.graphs,
          " has no graphs, only a header");
  }
  if (options.task == Task::graph) find_item_columns(table, options, schema);
  table.keys = {find_id(table, "", "", "graphs", options.note)};
  settle_columns(table, {"id"});
  for (std::size_t column : table.others)
    tell(options.note, table.csv.path, ": column \"", table.csv.columns[column],
         "\" is not used; features are those of nodes and edges");
  return table;
}

std::vector<Index> gather_graphs(Table& nodes, const std::vector<std::string>& graph_ids,
                                 const std::string& graphs_path) {
  std::unordered_map<std::string_view, Index> number;
  for (const std::string& id : graph_ids) number.emplace(id, std::ssize(number));
  std::vector<Index> graph_of, offsets(graph_ids.size() + 1, 0);
  for (Index r = 0; r < nodes.size(); ++r) {
    const auto found = number.find(nodes.cell(r, *nodes.graph));
    check(found != number.end(), ErrorCode::format, nodes.place(r, *nodes.graph), ": \"",
          nodes.cell(r, *nodes.graph), "\" is not the id of a graph in ", graphs_path);
    graph_of.push_back(found->second);
    ++offsets[found->second + 1];
  }
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  if (std::ranges::is_sorted(graph_of)) return offsets;
  std::vector<Index> order(graph_of.size()), lines;
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, {}, [&](Index r) { return graph_of[r]; });
  std::vector<std::vector<std::string>> rows;
  for (Index r : order) {
    rows.push_back(std::move(nodes.csv.rows[r]));
    lines.push_back(nodes.csv.lines.empty() ? r : nodes.csv.lines[r]);
  }
  nodes.csv.rows = std::move(rows);
  nodes.csv.lines = std::move(lines);
  return offsets;
}

}  // namespace AGATE_NAMESPACE::data
