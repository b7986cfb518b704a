#include "data/network.hpp"

#include <agate/core/error.hpp>
#include <agate/io/graph_file.hpp>
#include <unordered_map>

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
  check(found != number.end(), ErrorCode::format, csv.place(row), ": ", role, " \"", id,
        "\" is not an id in ", nodes_path);
  return found->second;
}

Network read_graph_file(const TableOptions& options) {
  check(options.nodes.empty() && options.edges.empty(), ErrorCode::usage, options.graph,
        " and tables of nodes and edges are two sources of data, choose one");
  check(options.id.empty(), ErrorCode::usage, "id: ", options.graph, " names its nodes itself");
  check(!options.directed, ErrorCode::usage, "directed: ", options.graph,
        " says itself whether its edges are directed");
  io::GraphFile file = io::read_graph_file(options.graph);
  check(!file.nodes.rows.empty(), ErrorCode::value, options.graph, " has no nodes");
  check(!file.edges.rows.empty(), ErrorCode::value, options.graph, " has no edges");
  if (file.edges.columns.size() > 2)
    tell(options.note, options.graph, ": the attributes of the edges are not used");
  return {std::move(file.nodes), std::move(file.edges), file.directed};
}

Network read_csv_files(const TableOptions& options) {
  Network network{io::read_csv(options.nodes), {}, options.directed};
  check(!network.nodes.rows.empty(), ErrorCode::value, options.nodes,
        " has no nodes, only a header");
  network.edges = io::read_csv(options.edges);
  const io::CsvTable& edges = network.edges;
  check(!edges.rows.empty(), ErrorCode::value, options.edges, " has no edges, only a header");
  if (edges.columns.size() > 2) {
    const auto [source, target] = find_endpoints(edges);
    tell(options.note, options.edges, ": columns other than \"", edges.columns[source], "\" and \"",
         edges.columns[target], "\" are not used");
  }
  return network;
}

}  // namespace

Network read_network(const TableOptions& options) {
  return options.graph.empty() ? read_csv_files(options) : read_graph_file(options);
}

Graph link(const io::CsvTable& csv, const std::vector<std::string>& ids,
           const std::string& nodes_path, bool directed, const Note& note) {
  const auto [source, target] = find_endpoints(csv);
  Numbers number;
  for (const std::string& id : ids) number.emplace(id, static_cast<NodeId>(number.size()));
  std::vector<Edge> edges;
  Index loops = 0;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    edges.push_back({endpoint(csv, r, source, number, "source", nodes_path),
                     endpoint(csv, r, target, number, "target", nodes_path)});
    loops += edges.back().source == edges.back().target;
  }
  if (loops > 0)
    tell(note, csv.path, ": ", loops, " of ", edges.size(), " edges lead from a node to itself");
  return Graph::from_edges(std::ssize(ids), edges, {.undirected = !directed});
}

}  // namespace AGATE_NAMESPACE::data
