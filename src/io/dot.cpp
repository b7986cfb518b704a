#include <agate/core/error.hpp>
#include <agate/io/graph_file.hpp>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "io/dot_lexer.hpp"
#include "io/table_builder.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

constexpr int deepest_braces = 100;
constexpr std::size_t free_links = std::size_t{1} << 20;

using Attributes = std::map<std::string, std::string>;

/// What holds between two braces.
struct Scope {
  const Scope* outer = nullptr;
  Attributes of_nodes{}, of_edges{};  // for those that are new from here on
  std::vector<std::size_t> nodes{};   // named in here, each once
  std::unordered_set<std::size_t> seen{};

  void add(std::size_t node) {
    if (seen.insert(node).second) nodes.push_back(node);
  }
};

class Dot {
 public:
  Dot(std::string_view text, const std::string& file)
      : file_(file),
        lexer_(text, file),
        nodes_(file, {"id"}, text.size()),
        edges_(file, {"source", "target"}, text.size()),
        most_linked_(free_links + text.size()) {
    advance();
  }

  GraphFile read() {
    strict_ = accept_keyword("strict");
    directed_ = accept_keyword("digraph");
    require(directed_ || accept_keyword("graph"), "expected graph or digraph");
    if (token_.kind == DotToken::Kind::id) advance();
    Scope scope;
    read_block(scope, 0);
    require(token_.kind == DotToken::Kind::end, "a file holds one graph");
    return {directed_, std::move(nodes_).finish(), std::move(edges_).finish()};
  }

 private:
  template <class... Parts>
  void require(bool condition, const Parts&... parts) const {
    if (condition) return;
    const bool at_end = token_.kind == DotToken::Kind::end;
    fail(ErrorCode::format, file_, ":", token_.line, ": ", parts...,
         at_end ? ", the file ends" : ", found \"", token_.text, at_end ? "" : "\"");
  }
  void advance() { token_ = lexer_.next(); }
  bool accept(std::string_view mark) {
    const bool here = token_.is(mark);
    if (here) advance();
    return here;
  }
  bool accept_keyword(std::string_view word) {
    const bool here = token_.is_keyword(word);
    if (here) advance();
    return here;
  }
  std::string take_id(const char* what) {
    require(token_.kind == DotToken::Kind::id, "expected ", what);
    std::string id = std::move(token_.text);
    advance();
    return id;
  }

  void read_block(Scope& scope, int depth) {
    require(depth <= deepest_braces, "more than ", deepest_braces, " braces are inside each other");
    require(accept("{"), "expected {");
    while (!accept("}")) read_statement(scope, depth);
  }

  void read_statement(Scope& scope, int depth) {
    if (accept(";")) return;
    if (token_.kind == DotToken::Kind::keyword && !token_.is_keyword("subgraph"))
      return read_defaults(scope);
    if (token_.is("{") || token_.is_keyword("subgraph"))
      return read_edges(read_subgraph(scope, depth), scope, depth);
    const Index line = token_.line;
    const std::string id = take_id("a statement");
    if (accept("=")) {
      take_id("a value");
      return;
    }
    const std::size_t node = named(id, line, scope);
    if (token_.is("->") || token_.is("--")) return read_edges({node}, scope, depth);
    for (auto& [name, value] : read_attributes()) nodes_.set_attribute(node, name, value);
  }

  void read_defaults(Scope& scope) {
    const bool of_nodes = accept_keyword("node"), of_edges = !of_nodes && accept_keyword("edge");
    require(of_nodes || of_edges || accept_keyword("graph"), "expected a statement");
    require(token_.is("["), "expected [");
    for (auto& [name, value] : read_attributes()) {
      if (of_nodes) scope.of_nodes[name] = value;
      if (of_edges) scope.of_edges[name] = value;
    }
  }

  /// The node of that name, which is new when it was not named before. A port is left out.
  std::size_t named(const std::string& id, Index line, Scope& scope) {
    const auto [found, is_new] = numbers_.emplace(id, numbers_.size());
    if (is_new) {
      const std::size_t row = nodes_.add_row(line);
      nodes_.set(row, 0, id);
      set_defaults(nodes_, row, &scope, &Scope::of_nodes);
    }
    while (accept(":")) take_id("a port");
    scope.add(found->second);
    return found->second;
  }

  /// What is said further out comes first, and is written over.
  void set_defaults(TableBuilder& table, std::size_t row, const Scope* scope,
                    Attributes Scope::*defaults) {
    if (scope->outer) set_defaults(table, row, scope->outer, defaults);
    for (const auto& [name, value] : scope->*defaults) table.set_attribute(row, name, value);
  }

  std::vector<std::size_t> read_subgraph(Scope& scope, int depth) {
    std::string name;
    if (accept_keyword("subgraph") && token_.kind == DotToken::Kind::id)
      name = take_id("the name of a subgraph");
    const bool is_whole = name.empty() || subgraphs_.insert(name).second;
    Scope inner{.outer = &scope};
    read_block(inner, depth + 1);
    for (const std::size_t node : inner.nodes) scope.add(node);
    check(is_whole || !(token_.is("->") || token_.is("--")), ErrorCode::unsupported, file_, ":",
          token_.line, ": an edge of the subgraph \"", name, "\", which is written in two pieces");
    return inner.nodes;
  }

  /// The rest of a statement that begins with `left`.
  void read_edges(std::vector<std::size_t> left, Scope& scope, int depth) {
    std::vector<std::vector<std::size_t>> chain{std::move(left)};
    const Index line = token_.line;
    while (token_.is("->") || token_.is("--")) {
      require(token_.is("->") == directed_, directed_ ? "a digraph" : "a graph", " links by ",
              directed_ ? "->" : "--");
      advance();
      const Index here = token_.line;
      chain.push_back(token_.kind == DotToken::Kind::id
                          ? std::vector{named(take_id("a node"), here, scope)}
                          : read_subgraph(scope, depth));
    }
    if (chain.size() == 1) return;
    const Attributes attributes = read_attributes();
    for (std::size_t k = 1; k < chain.size(); ++k) {
      take_pairs(chain[k - 1].size() * chain[k].size(), line);
      for (const std::size_t source : chain[k - 1])
        for (const std::size_t target : chain[k])
          if (const auto row = add_edge(source, target, line)) {
            set_defaults(edges_, *row, &scope, &Scope::of_edges);
            for (const auto& [name, value] : attributes) edges_.set_attribute(*row, name, value);
          }
    }
  }

  /// Two subgraphs of a thousand nodes are a short text and a million edges.
  void take_pairs(std::size_t pairs, Index line) {
    linked_ += pairs;
    check(linked_ <= most_linked_, ErrorCode::limit, file_, ":", line,
          ": the subgraphs linked up to here make ", linked_, " edges, at most ", most_linked_,
          " are read from a file of this size");
  }

  std::optional<std::size_t> add_edge(std::size_t source, std::size_t target, Index line) {
    std::pair pair(source, target);
    if (!directed_ && target < source) std::swap(pair.first, pair.second);
    if (strict_ && !pairs_.insert(pair).second) return {};
    const std::size_t row = edges_.add_row(line);
    edges_.set(row, 0, nodes_.get(source, 0));
    edges_.set(row, 1, nodes_.get(target, 0));
    return row;
  }

  Attributes read_attributes() {
    Attributes attributes;
    while (accept("[")) {
      while (!accept("]")) {
        const std::string name = take_id("an attribute");
        require(accept("="), "expected = after the attribute ", name);
        attributes[name] = take_id("a value");
        if (!accept(";")) accept(",");
      }
    }
    return attributes;
  }

  const std::string& file_;
  DotLexer lexer_;
  DotToken token_;
  TableBuilder nodes_, edges_;
  bool strict_ = false, directed_ = false;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::set<std::string> subgraphs_;
  std::set<std::pair<std::size_t, std::size_t>> pairs_;
  std::size_t linked_ = 0, most_linked_;
};

}  // namespace

GraphFile parse_dot(std::string_view text, const std::string& name) {
  return Dot(text, name).read();
}

}  // namespace AGATE_NAMESPACE::io
