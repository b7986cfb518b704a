#include "data/node_table.hpp"

#include <agate/core/error.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

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
      check(is_utf8(csv.rows[r][c]), ErrorCode::format, csv.place(r), ": column \"", csv.columns[c],
            "\" is not UTF-8 text");
}

std::optional<std::size_t> wanted(const io::CsvTable& csv, const std::string& name) {
  if (name.empty()) return {};
  return csv.column(name);
}

/// The names in "A,B,C", trimmed, or the text itself when that is the name of a column.
std::vector<std::string> split_names(const std::string& text, const io::CsvTable& csv) {
  if (text.empty()) return {};
  if (text.find(',') == text.npos || csv.find_column(text)) return {text};
  std::vector<std::string> names;
  for (std::size_t begin = 0, end; begin <= text.size(); begin = end + 1) {
    end = std::min(text.find(',', begin), text.size());
    std::string name = text.substr(begin, end - begin);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    check(!name.empty(), ErrorCode::usage, "label \"", text,
          "\": a name is empty, expected columns as in A,B,C");
    check(std::ranges::find(names, name) == names.end(), ErrorCode::usage, "label \"", text,
          "\" names column \"", name, "\" twice");
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::optional<std::size_t>> find_labels(const io::CsvTable& csv,
                                                    const std::string& named,
                                                    const FeatureSchema* schema) {
  std::vector<std::optional<std::size_t>> labels;
  for (const std::string& name : split_names(named, csv)) labels.push_back(csv.column(name));
  if (!schema) return labels;
  if (labels.empty())
    for (const std::string& name : schema->label_columns) labels.push_back(csv.find_column(name));
  const std::size_t known = std::max<std::size_t>(1, schema->label_columns.size());
  const bool fit = known > 1 ? labels.size() == known : labels.size() <= 1;
  check(fit, ErrorCode::usage, "label \"", named, "\" names ", labels.size(),
        labels.size() == 1 ? " column" : " columns", ", the model knows ", known);
  return labels;
}

bool is_label(const NodeTable& table, std::size_t column) {
  return std::ranges::find(table.labels, std::optional(column)) != table.labels.end();
}

std::size_t find_id(const NodeTable& table, const TableOptions& options,
                    const FeatureSchema* schema) {
  const io::CsvTable& csv = table.csv;
  if (!options.graph.empty()) return 0;
  if (!options.id.empty()) return csv.column(options.id);
  if (schema && !schema->id_column.empty()) return csv.column(schema->id_column);
  if (const auto id = csv.find_column("id")) return *id;
  for (std::size_t c = 0; c < csv.columns.size(); ++c) {
    if (is_label(table, c) || table.split == c) continue;
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
  apart(table.id, table.split, "both id and split");
  for (const auto& label : table.labels) {
    apart(label, table.id, "both id and label");
    apart(label, table.split, "both label and split");
  }
}

}  // namespace

std::string NodeTable::place(Index row, std::size_t column) const {
  return csv.place(static_cast<std::size_t>(row)) + ": column \"" + csv.columns[column] + "\"";
}

NodeTable read_node_table(io::CsvTable csv, const TableOptions& options,
                          const FeatureSchema* schema) {
  NodeTable table{.csv = std::move(csv), .labels = {}, .split = {}, .others = {}};
  check_text(table.csv);
  table.labels = find_labels(table.csv, options.label, schema);
  table.split = wanted(table.csv, options.split_column);
  table.id = find_id(table, options, schema);
  check_roles(table);
  for (std::size_t c = 0; c < table.csv.columns.size(); ++c)
    if (c != table.id && !is_label(table, c) && table.split != c) table.others.push_back(c);
  return table;
}

std::vector<std::string> read_ids(const NodeTable& table) {
  std::vector<std::string> ids;
  std::unordered_map<std::string_view, Index> rows;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& id = table.csv.rows[r][table.id];
    check(!id.empty(), ErrorCode::format, table.place(r, table.id), " is empty, expected an id");
    const auto [first, is_new] = rows.emplace(id, r);
    check(is_new, ErrorCode::format, table.csv.place(r), ": id \"", id, "\" stands in ",
          table.csv.row_name(first->second), " already");
    ids.push_back(id);
  }
  return ids;
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
