#include "data/node_table.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <limits>
#include <map>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::size_t many_classes = 20;

/// Whether the bytes are UTF-8 (RFC 3629): ids and categories end up in JSON and HTML.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) continue;
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || i + more > text.size()) return false;
    for (std::size_t k = 0; k < more; ++k, ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      const unsigned low = k > 0 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      const unsigned high = k > 0 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (next < low || next > high) return false;
    }
  }
  return true;
}

void check_text(const io::CsvTable& csv) {
  for (const std::string& name : csv.columns)
    check(is_utf8(name), ErrorCode::format, csv.path, ": the name of a column is not UTF-8 text");
  for (std::size_t r = 0; r < csv.rows.size(); ++r)
    for (std::size_t c = 0; c < csv.columns.size(); ++c)
      check(is_utf8(csv.rows[r][c]), ErrorCode::format, csv.path, ":", csv.lines[r], ": column \"",
            csv.columns[c], "\" is not UTF-8 text");
}

std::optional<std::size_t> wanted(const io::CsvTable& csv, const std::string& name) {
  if (name.empty()) return {};
  return csv.column(name);
}

std::size_t find_id(const NodeTable& table, const TableOptions& options,
                    const FeatureSchema* schema) {
  const io::CsvTable& csv = table.csv;
  if (!options.id.empty()) return csv.column(options.id);
  if (schema && !schema->id_column.empty()) return csv.column(schema->id_column);
  if (const auto id = csv.find_column("id")) return *id;
  for (std::size_t c = 0; c < csv.columns.size(); ++c) {
    if (table.label == c || table.split == c) continue;
    tell(options.note, csv.path, " has no column \"id\": its column \"", csv.columns[c],
         "\" names the nodes");
    return c;
  }
  fail(ErrorCode::not_found, csv.path, " has no column that could name the nodes");
}

void check_roles(const NodeTable& table) {
  const auto apart = [&](std::optional<std::size_t> a, std::optional<std::size_t> b,
                         const char* roles) {
    check(!a || a != b, ErrorCode::usage, table.csv.path, ": column \"",
          a ? table.csv.columns[*a] : "", "\" cannot be ", roles);
  };
  apart(table.id, table.label, "both id and label");
  apart(table.id, table.split, "both id and split");
  apart(table.label, table.split, "both label and split");
}

bool by_number_or_text(const std::string& a, const std::string& b) {
  const auto x = io::parse_number(a), y = io::parse_number(b);
  return x != y ? x < y : a < b;
}

}  // namespace

std::string NodeTable::place(Index row, std::size_t column) const {
  return csv.path + ":" + std::to_string(csv.lines[static_cast<std::size_t>(row)]) + ": column \"" +
         csv.columns[column] + "\"";
}

NodeTable read_node_table(const TableOptions& options, const FeatureSchema* schema) {
  NodeTable table{.csv = io::read_csv(options.nodes), .label = {}, .split = {}, .others = {}};
  check(!table.csv.rows.empty(), ErrorCode::value, options.nodes, " has no nodes, only a header");
  check_text(table.csv);
  table.label = wanted(table.csv, options.label);
  if (!table.label && schema && !schema->label_column.empty())
    table.label = table.csv.find_column(schema->label_column);
  table.split = wanted(table.csv, options.split_column);
  table.id = find_id(table, options, schema);
  check_roles(table);
  for (std::size_t c = 0; c < table.csv.columns.size(); ++c)
    if (c != table.id && table.label != c && table.split != c) table.others.push_back(c);
  return table;
}

std::vector<std::string> read_ids(const NodeTable& table) {
  std::vector<std::string> ids;
  std::unordered_map<std::string_view, Index> lines;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& id = table.csv.rows[r][table.id];
    check(!id.empty(), ErrorCode::format, table.place(r, table.id), " is empty, expected an id");
    const auto [first, is_new] = lines.emplace(id, table.csv.lines[r]);
    check(is_new, ErrorCode::format, table.csv.path, ":", table.csv.lines[r], ": id \"", id,
          "\" stands in line ", first->second, " already");
    ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> find_classes(const NodeTable& table) {
  if (!table.label) return {};
  const std::string& name = table.csv.columns[*table.label];
  std::map<std::string, Index> counts;
  Index labelled = 0;
  bool numbers = true;
  for (const auto& row : table.csv.rows) {
    const std::string& cell = row[*table.label];
    if (cell.empty()) continue;
    ++labelled;
    if (counts[cell]++ == 0) numbers = numbers && io::parse_number(cell).has_value();
  }
  check(labelled > 0, ErrorCode::value, table.csv.path, ": every cell of the label column \"", name,
        "\" is empty");
  check(counts.size() > 1, ErrorCode::value, table.csv.path, ": the label column \"", name,
        "\" holds one class only, \"", counts.begin()->first, "\"");
  check(counts.size() <= many_classes || 2 * std::ssize(counts) <= labelled, ErrorCode::value,
        table.csv.path, ": the label column \"", name, "\" holds ", counts.size(),
        " different values in ", labelled, " rows; expected classes, each with several nodes");
  std::vector<std::string> classes;
  for (const auto& [label, count] : counts) classes.push_back(label);
  if (numbers) std::ranges::sort(classes, by_number_or_text);
  return classes;
}

std::vector<int> read_labels(const NodeTable& table, const std::vector<std::string>& classes) {
  std::vector<int> y(static_cast<std::size_t>(table.size()), -1);
  if (!table.label) return y;
  std::unordered_map<std::string_view, int> number;
  for (const std::string& name : classes) number.emplace(name, static_cast<int>(number.size()));
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& label = table.csv.rows[r][*table.label];
    if (label.empty()) continue;
    const auto found = number.find(label);
    check(found != number.end(), ErrorCode::format, table.place(r, *table.label), ": \"", label,
          "\" is not a class of the model");
    y[r] = found->second;
  }
  return y;
}

std::vector<Split> read_split_column(const NodeTable& table) {
  if (!table.split) return {};
  Split split;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& part = table.csv.rows[r][*table.split];
    if (part.empty()) continue;
    const bool is_val = part == "val" || part == "valid" || part == "validation";
    check(is_val || part == "train" || part == "test", ErrorCode::format,
          table.place(r, *table.split), ": \"", part, "\" is not train, val or test");
    (is_val ? split.val : part == "train" ? split.train : split.test).push_back(r);
  }
  return {split};
}

}  // namespace AGATE_NAMESPACE::data
