#pragma once
// The two tables of a network, from whichever files they come.

#include <agate/data/tables.hpp>
#include <agate/io/csv.hpp>

namespace AGATE_NAMESPACE::data {

struct Network {
  io::CsvTable nodes, edges;
  bool directed = false;
  bool own_ids = false;  ///< the first column of the nodes is their id, whatever it is called
};

/// Reads two CSV files, or the graph file that `options` names instead; without a node table the
/// nodes are the ids of the edge table, in the order of their first appearance. Error(value) when
/// there are no nodes or no edges.
Network read_network(const TableOptions& options);

}  // namespace AGATE_NAMESPACE::data
