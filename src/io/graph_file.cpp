#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/io/graph_file.hpp>

namespace AGATE_NAMESPACE::io {
namespace {

using Parser = GraphFile (*)(std::string_view, const std::string&);

Parser parser_of(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  if (path.ends_with(".graphml")) return parse_graphml;
  if (path.ends_with(".dot") || path.ends_with(".gv")) return parse_dot;
  if (path.ends_with(".json")) return parse_node_link;
  return nullptr;
}

}  // namespace

bool is_graph_file(const std::string& path) { return parser_of(path) != nullptr; }

GraphFile read_graph_file(const std::string& path) {
  const Parser parse = parser_of(path);
  check(parse, ErrorCode::unsupported, path,
        " is no graph file, expected a name ending in .graphml, .dot, .gv or .json");
  return parse(read_text(path), path);
}

}  // namespace AGATE_NAMESPACE::io
