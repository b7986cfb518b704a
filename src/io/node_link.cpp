#include <agate/core/error.hpp>
#include <agate/io/graph_file.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "io/table_builder.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

using nlohmann::json;

constexpr int deepest_json = 100;

/// Refuses what a document would hide or could not bear: a key that stands in an object twice, and
/// nesting that would exhaust the stack.
class Guard {
 public:
  explicit Guard(const std::string& file) : file_(file) {}
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    check(depth <= deepest_json, ErrorCode::format, file_, ": more than ", deepest_json,
          " lists and objects are inside each other");
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      check(keys_.back().insert(key).second, ErrorCode::format, file_, ": an object has the key \"",
            key, "\" twice");
    }
    return true;
  }

 private:
  const std::string& file_;
  std::vector<std::set<std::string>> keys_;
};

std::string text_of(const json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Rows from a list of objects: the columns `ids`, which must be there, and the attributes.
CsvTable read_list(const json& document, const std::string& list, const std::string& file,
                   const std::vector<std::string>& ids, std::size_t bytes) {
  const json& objects = document.at(list);
  check(objects.is_array(), ErrorCode::format, file, ": \"", list, "\" is not a list");
  TableBuilder table(file, ids, bytes);
  for (const json& object : objects) {
    const std::size_t row = table.add_row(0);
    const auto require = [&](bool condition, const auto&... parts) {
      check(condition, ErrorCode::format, file, ": ", list, "[", row, "]", parts...);
    };
    require(object.is_object(), " is not an object");
    for (std::size_t k = 0; k < ids.size(); ++k) {
      require(object.contains(ids[k]), " has no ", ids[k]);
      const json& id = object.at(ids[k]);
      require(id.is_string() || id.is_number(), ": its ", ids[k],
              " is neither a text nor a number");
      table.set(row, k, text_of(id));
    }
    for (const auto& [name, value] : object.items())
      if (std::find(ids.begin(), ids.end(), name) == ids.end())
        table.set_attribute(row, name, text_of(value));
  }
  CsvTable finished = std::move(table).finish();
  finished.list = list;
  finished.lines.clear();
  return finished;
}

bool read_direction(const json& document, const std::string& file) {
  if (!document.contains("directed")) return false;
  check(document.at("directed").is_boolean(), ErrorCode::format, file,
        ": \"directed\" is neither true nor false");
  return document.at("directed").get<bool>();
}

GraphFile read(const json& document, const std::string& file, std::size_t bytes) {
  check(document.is_object() && document.contains("nodes"), ErrorCode::format, file,
        ": expected an object with \"nodes\" and \"links\" or \"edges\"");
  const bool links = document.contains("links"), edges = document.contains("edges");
  check(links != edges, ErrorCode::format, file,
        links ? ": both \"links\" and \"edges\"" : ": neither \"links\" nor \"edges\"",
        ", expected one of them");
  return {read_direction(document, file), read_list(document, "nodes", file, {"id"}, bytes),
          read_list(document, links ? "links" : "edges", file, {"source", "target"}, bytes)};
}

}  // namespace

GraphFile parse_node_link(std::string_view text, const std::string& name) {
  try {
    return read(json::parse(text, Guard(name)), name, text.size());
  } catch (const json::exception& error) {
    fail(ErrorCode::format, name, ": ", error.what());
  }
}

}  // namespace AGATE_NAMESPACE::io
