#pragma once
// The two tables of a network, from whichever files they come.

#include <agate/data/tables.hpp>
#include <agate/graph/graph.hpp>
#include <agate/io/csv.hpp>
#include <string>
#include <vector>

#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {

struct Network {
  io::CsvTable nodes, edges;
  bool directed = false;
};

/// Reads two CSV files, or the graph file that `options` names instead. Error(value) when there are
/// no nodes or no edges.
Network read_network(const TableOptions& options);

/// The graph of the edges between the nodes that are called `ids`, in this order; `nodes_path` says
/// in messages where those come from. Error(format) for an edge to another id.
Graph link(const io::CsvTable& edges, const std::vector<std::string>& ids,
           const std::string& nodes_path, bool directed, const Note& note);

}  // namespace AGATE_NAMESPACE::data
