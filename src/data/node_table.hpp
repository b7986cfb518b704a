#pragma once
// The node table of a network, and which graph each node belongs to.

#include <string>
#include <vector>

#include "data/network.hpp"
#include "data/table.hpp"

namespace AGATE_NAMESPACE::data {

/// Finds out what the columns are. Those that `options` names must be there. With a schema, the
/// columns that it names are used where `options` names none; a label column may then be missing.
Table read_node_table(Network& network, const TableOptions& options, const FeatureSchema* schema);

/// The table of graphs that `options` names, or one that holds nothing but the names in the graph
/// column of the nodes.
Table read_graph_table(const Table& nodes, const TableOptions& options,
                       const FeatureSchema* schema);

/// Puts the nodes of each graph next to each other, in the order of `graph_ids`, and returns where
/// each graph starts (graphs + 1). Error(format) for a node of another graph.
std::vector<Index> gather_graphs(Table& nodes, const std::vector<std::string>& graph_ids,
                                 const std::string& graphs_path);

}  // namespace AGATE_NAMESPACE::data
