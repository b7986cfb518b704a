#include <agate/core/error.hpp>
#include <agate/io/graph_file.hpp>
#include <optional>
#include <set>
#include <unordered_map>

#include "io/table_builder.hpp"
#include "io/xml.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

using Event = XmlReader::Event;

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// An attribute that the file declares.
struct Key {
  std::string name;
  bool of_nodes = false, of_edges = false;
  std::optional<std::string> by_default{};
  std::size_t last_given = 0;  // to which node or edge
};

class GraphMl {
 public:
  GraphMl(std::string_view text, const std::string& file)
      : file_(file),
        xml_(text, file),
        nodes_(file, {"id"}, text.size()),
        edges_(file, {"source", "target"}, text.size()) {}

  GraphFile read() {
    require(xml_.next() == Event::start && xml_.name() == "graphml", "the file begins with <",
            xml_.name(), ">, expected <graphml>");
    bool had_graph = false;
    while (xml_.next() == Event::start) {
      if (xml_.name() == "key") {
        read_key();
      } else if (xml_.name() == "graph") {
        support(!had_graph, "a second graph in one file");
        had_graph = true;
        read_graph();
      } else {
        xml_.skip();
      }
    }
    check(had_graph, ErrorCode::format, file_, ": holds no <graph>");
    while (xml_.next() != Event::done) {
    }
    return {directed_, std::move(nodes_).finish(), std::move(edges_).finish()};
  }

 private:
  template <class... Parts>
  void require(bool condition, const Parts&... parts) const {
    check(condition, ErrorCode::format, file_, ":", xml_.line(), ": ", parts...);
  }
  void support(bool condition, const char* what) const {
    check(condition, ErrorCode::unsupported, file_, ":", xml_.line(), ": ", what,
          " cannot be read");
  }
  std::string wanted(const char* attribute) const {
    const std::string* value = xml_.attribute(attribute);
    require(value, "<", xml_.name(), "> has no ", attribute);
    return *value;
  }

  void read_key() {
    const std::string id = wanted("id");
    const std::string* name = xml_.attribute("attr.name");
    const std::string* whose = xml_.attribute("for");
    const bool all = !whose || *whose == "all";
    Key key{.name = name ? *name : id,
            .of_nodes = all || *whose == "node",
            .of_edges = all || *whose == "edge"};
    const bool is_new = (!key.of_nodes || node_names_.insert(key.name).second) &&
                        (!key.of_edges || edge_names_.insert(key.name).second);
    require(is_new, "two keys are named \"", key.name, "\"");
    require(!keys_.contains(id), "two keys have the id \"", id, "\"");
    for (Event event = xml_.next(); event != Event::end; event = xml_.next()) {
      if (event != Event::start) continue;
      if (xml_.name() == "default")
        key.by_default = read_text();
      else
        xml_.skip();
    }
    if (key.by_default) with_default_.push_back(id);
    keys_.emplace(id, std::move(key));
  }

  void read_graph() {
    const std::string direction = wanted("edgedefault");
    directed_ = direction == "directed";
    require(directed_ || direction == "undirected", "edgedefault is \"", direction,
            "\", expected directed or undirected");
    for (Event event = xml_.next(); event != Event::end; event = xml_.next()) {
      require(event == Event::start, "text between the nodes");
      support(xml_.name() != "hyperedge", "a hyperedge");
      if (xml_.name() == "node")
        read_node();
      else if (xml_.name() == "edge")
        read_edge();
      else
        xml_.skip();
    }
  }

  void read_node() {
    std::string id = wanted("id");
    const std::size_t row = nodes_.add_row(xml_.line());
    nodes_.set(row, 0, std::move(id));
    read_attributes(nodes_, row, &Key::of_nodes);
  }

  void read_edge() {
    const std::string* directed = xml_.attribute("directed");
    support(!directed || *directed == (directed_ ? "true" : "false"),
            "an edge that is not directed as the edgedefault says");
    std::string source = wanted("source"), target = wanted("target");
    const std::size_t row = edges_.add_row(xml_.line());
    edges_.set(row, 0, std::move(source));
    edges_.set(row, 1, std::move(target));
    read_attributes(edges_, row, &Key::of_edges);
  }

  void read_attributes(TableBuilder& table, std::size_t row, bool Key::*concerns) {
    ++element_;
    for (Event event = xml_.next(); event != Event::end; event = xml_.next()) {
      require(event == Event::start, "text beside the <data>");
      support(xml_.name() != "graph", "a graph inside a node or an edge");
      if (xml_.name() == "data")
        read_data(table, row, concerns);
      else
        xml_.skip();
    }
    for (const std::string& id : with_default_)
      if (Key& key = keys_.at(id); key.*concerns && key.last_given != element_)
        table.set_attribute(row, key.name, *key.by_default);
  }

  void read_data(TableBuilder& table, std::size_t row, bool Key::*concerns) {
    const std::string id = wanted("key");
    const auto found = keys_.find(id);
    require(found != keys_.end(), "no <key> has the id \"", id, "\"");
    Key& key = found->second;
    require(key.*concerns, "the key \"", id, "\" is not for this");
    require(key.last_given != element_, "two values of the key \"", id, "\"");
    key.last_given = element_;
    table.set_attribute(row, key.name, read_text());
  }

  /// The text of the element, without that of elements inside it, such as the shapes of editors.
  std::string read_text() {
    std::string text;
    for (Event event = xml_.next(); event != Event::end; event = xml_.next()) {
      if (event == Event::text) text += xml_.text();
      if (event == Event::start) xml_.skip();
    }
    return trimmed(text);
  }

  const std::string& file_;
  XmlReader xml_;
  TableBuilder nodes_, edges_;
  bool directed_ = false;
  std::unordered_map<std::string, Key> keys_;
  std::vector<std::string> with_default_;
  std::set<std::string> node_names_, edge_names_;
  std::size_t element_ = 0;
};

}  // namespace

GraphFile parse_graphml(std::string_view text, const std::string& name) {
  return GraphMl(text, name).read();
}

}  // namespace AGATE_NAMESPACE::io
