#pragma once
/// \file
/// Graph files: GraphML (http://graphml.graphdrawing.org), DOT
/// (https://graphviz.org/doc/info/lang.html) and the node-link JSON of networkx.

#include <agate/io/csv.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::io {

/// A graph as the two tables that it could have been.
struct GraphFile {
  bool directed = false;  ///< as the file says
  /// Column "id", then the attributes of the nodes in the order of their first appearance. The cell
  /// of an attribute that a node lacks is empty. Ids may repeat where the file repeats them.
  CsvTable nodes;
  /// Columns "source" and "target", then the attributes of the edges. The ids may be unknown.
  CsvTable edges;
};

/// An attribute whose name is taken ("id" of a node, "source" or "target" of an edge) becomes the
/// column "id (attribute)". Values are text: of JSON, numbers and true and false as written there,
/// null as an empty cell, lists and objects as JSON; those of one JSON object come in alphabetical
/// order.
///
/// All throw Error(format) `FILE:LINE: ...` for what is not such a file, Error(unsupported) for
/// what a graph cannot hold (GraphML: nested graphs, several graphs, hyperedges, edges of both
/// kinds, entities beyond the five of XML), Error(limit) for attributes that are so sparse that
/// the table would be far larger than the file.

GraphFile parse_graphml(std::string_view text, const std::string& name);

/// `node` and `edge` defaults, subgraphs, ports (left out), `strict` and HTML strings as in
/// Graphviz. Nodes appear in the order in which they are first named. Subgraphs nest at most 100
/// deep.
GraphFile parse_dot(std::string_view text, const std::string& name);

/// {"directed": false, "nodes": [{"id": ...}, ...], "links" or "edges": [{"source": ..., "target":
/// ...}, ...]}. Ids are texts or numbers. There are no lines: places are `FILE: nodes[3]`.
GraphFile parse_node_link(std::string_view text, const std::string& name);

/// Whether the name ends in .graphml, .dot, .gv or .json, perhaps with .gz behind it.
bool is_graph_file(const std::string& path);

/// Parses the file by its name. Error(unsupported) for another ending, Error(not_found) when there
/// is none.
GraphFile read_graph_file(const std::string& path);

}  // namespace AGATE_NAMESPACE::io
