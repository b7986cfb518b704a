#pragma once
// The edge table of a network: its endpoints, and the columns that tell something of an edge.

#include <string>
#include <vector>

#include "data/network.hpp"
#include "data/table.hpp"

namespace AGATE_NAMESPACE::data {

/// Where the endpoints stand: `source` and `target`, or the first two columns.
struct Endpoints {
  std::size_t source = 0, target = 1;
};

/// Error(format) for a table of fewer than two columns.
Endpoints find_endpoints(const io::CsvTable& csv);

/// Finds out what the columns are, as read_node_table does. A column called as the one that names
/// the graphs of the nodes says the same of the edges, and is no feature.
Table read_edge_table(Network& network, const Table& nodes, const TableOptions& options,
                      const FeatureSchema* schema);

/// The edges between the nodes of `dataset`, in the order of the rows; `nodes_path` says in
/// messages where those come from. Error(format) for an edge to another id, or one that leads from
/// one graph to another.
std::vector<Edge> read_edges(const Table& edges, const Dataset& dataset,
                             const std::string& nodes_path, const Note& note);

}  // namespace AGATE_NAMESPACE::data
