#include "data/network.hpp"

#include <agate/core/error.hpp>
#include <agate/io/graph_file.hpp>
#include <unordered_set>

#include "data/edge_table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

Network read_graph_file(const TableOptions& options) {
  check(options.nodes.empty() && options.edges.empty(), ErrorCode::usage, options.graph,
        " and tables of nodes and edges are two sources of data, choose one");
  check(options.id.empty(), ErrorCode::usage, "id: ", options.graph, " names its nodes itself");
  check(!options.directed, ErrorCode::usage, "directed: ", options.graph,
        " says itself whether its edges are directed");
  io::GraphFile file = io::read_graph_file(options.graph);
  check(!file.nodes.rows.empty(), ErrorCode::value, options.graph, " has no nodes");
  check(!file.edges.rows.empty(), ErrorCode::value, options.graph, " has no edges");
  return {std::move(file.nodes), std::move(file.edges), file.directed, true};
}

/// A table of the ids that the edges name, as if each stood where it is named first.
io::CsvTable nodes_of(const io::CsvTable& edges) {
  const Endpoints ends = find_endpoints(edges);
  io::CsvTable nodes{.path = edges.path, .columns = {"id"}, .rows = {}, .lines = {}};
  std::unordered_set<std::string_view> seen;
  for (std::size_t r = 0; r < edges.rows.size(); ++r)
    for (std::size_t end : {ends.source, ends.target})
      if (!edges.rows[r][end].empty() && seen.insert(edges.rows[r][end]).second) {
        nodes.rows.push_back({edges.rows[r][end]});
        nodes.lines.push_back(edges.lines[r]);
      }
  return nodes;
}

void check_without_nodes(const TableOptions& options) {
  const char* reason = " stands in a table of nodes, and there is none";
  check(options.id.empty(), ErrorCode::usage, "id: the id of a node", reason);
  check(options.task == Task::edge || options.label.empty(), ErrorCode::usage, "label \"",
        options.label, "\": what is known of a node", reason);
  check(options.graph_column.empty() && options.graphs.empty() && options.task != Task::graph,
        ErrorCode::usage, "graph column: the graph of a node", reason);
}

Network read_csv_files(const TableOptions& options) {
  check(!options.edges.empty(), ErrorCode::usage, "there is no table of edges");
  Network network;
  network.directed = options.directed;
  network.own_ids = options.nodes.empty();
  if (network.own_ids) {
    check_without_nodes(options);
  } else {
    network.nodes = io::read_csv(options.nodes);
    check(!network.nodes.rows.empty(), ErrorCode::value, options.nodes,
          " has no nodes, only a header");
  }
  network.edges = io::read_csv(options.edges);
  check(!network.edges.rows.empty(), ErrorCode::value, options.edges,
        " has no edges, only a header");
  if (network.own_ids) network.nodes = nodes_of(network.edges);
  return network;
}

}  // namespace

Network read_network(const TableOptions& options) {
  return options.graph.empty() ? read_csv_files(options) : read_graph_file(options);
}

}  // namespace AGATE_NAMESPACE::data
