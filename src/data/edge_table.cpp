#include "data/edge_table.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <unordered_map>

namespace AGATE_NAMESPACE::data {
namespace {

using Numbers = std::unordered_map<std::string_view, NodeId>;

NodeId endpoint(const io::CsvTable& csv, std::size_t row, std::size_t column, const Numbers& number,
                const char* role, const std::string& nodes_path) {
  const std::string& id = csv.rows[row][column];
  const auto found = number.find(id);
  check(found != number.end(), ErrorCode::format, csv.place(row), ": ", role, " \"", id,
        "\" is not an id in ", nodes_path);
  return found->second;
}

std::size_t graph_of(const Dataset& dataset, NodeId node) {
  const auto& offsets = dataset.graph_offsets;
  return static_cast<std::size_t>(std::ranges::upper_bound(offsets, Index{node}) -
                                  offsets.begin()) -
         1;
}

void check_graph(const Table& edges, Index row, const Dataset& dataset, const Edge& edge) {
  const std::string& from = dataset.graph_ids[graph_of(dataset, edge.source)];
  const std::string& to = dataset.graph_ids[graph_of(dataset, edge.target)];
  check(from == to, ErrorCode::format, edges.csv.place(static_cast<std::size_t>(row)),
        ": an edge leads from \"", dataset.node_name(edge.source), "\" of graph \"", from,
        "\" to \"", dataset.node_name(edge.target), "\" of graph \"", to, "\"");
  if (edges.graph)
    check(edges.cell(row, *edges.graph) == from, ErrorCode::format, edges.place(row, *edges.graph),
          ": \"", edges.cell(row, *edges.graph), "\" is not \"", from,
          "\", the graph of its two nodes");
}

}  // namespace

Endpoints find_endpoints(const io::CsvTable& csv) {
  check(csv.columns.size() >= 2, ErrorCode::format, csv.path, " has ", csv.columns.size(),
        " column, expected at least source and target");
  const auto source = csv.find_column("source"), target = csv.find_column("target");
  return source && target ? Endpoints{*source, *target} : Endpoints{};
}

Table read_edge_table(Network& network, const Table& nodes, const TableOptions& options,
                      const FeatureSchema* schema) {
  Table table{.csv = std::move(network.edges)};
  check_text(table.csv);
  const Endpoints ends = find_endpoints(table.csv);
  table.keys = {ends.source, ends.target};
  if (options.task == Task::edge) find_item_columns(table, options, schema);
  if (options.task == Task::link) {
    check(options.split_column.empty(), ErrorCode::usage, "split column \"", options.split_column,
          "\": the pairs of nodes that are predicted as links stand in no table");
    table.time = find_named(table.csv, options.time, schema ? schema->time_column : "");
    if (!options.time.empty())
      tell(options.note, table.csv.path, ": to predict links the time \"", options.time,
           "\" is not used, and it is left out of the features");
  }
  if (nodes.graph) table.graph = table.csv.find_column(nodes.csv.columns[*nodes.graph]);
  settle_columns(table, {"source", "target"});
  if (!schema && !options.edge_features) table.others.clear();
  return table;
}

std::vector<Edge> read_edges(const Table& table, const Dataset& dataset,
                             const std::string& nodes_path, const Note& note) {
  Numbers number;
  for (const std::string& id : dataset.node_ids)
    number.emplace(id, static_cast<NodeId>(number.size()));
  std::vector<Edge> edges;
  Index loops = 0;
  for (Index r = 0; r < table.size(); ++r) {
    const auto row = static_cast<std::size_t>(r);
    edges.push_back({endpoint(table.csv, row, table.keys[0], number, "source", nodes_path),
                     endpoint(table.csv, row, table.keys[1], number, "target", nodes_path)});
    loops += edges.back().source == edges.back().target;
    if (!dataset.graph_offsets.empty()) check_graph(table, r, dataset, edges.back());
  }
  if (loops > 0)
    tell(note, table.csv.path, ": ", loops, " of ", edges.size(),
         " edges lead from a node to itself");
  return edges;
}

}  // namespace AGATE_NAMESPACE::data
