#include "data/table.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <unordered_map>

namespace AGATE_NAMESPACE::data {
namespace {

/// Whether the bytes are UTF-8 (RFC 3629).
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

/// What each column is, those that are nothing left out; a column that is two things comes twice.
std::vector<std::pair<std::size_t, std::string>> roles_of(const Table& table,
                                                          const std::vector<std::string>& keys) {
  std::vector<std::pair<std::size_t, std::string>> roles;
  for (std::size_t k = 0; k < keys.size(); ++k) roles.emplace_back(table.keys[k], keys[k]);
  for (const Label& label : table.labels)
    if (label.column) roles.emplace_back(*label.column, "label");
  if (table.split) roles.emplace_back(*table.split, "split");
  if (table.time) roles.emplace_back(*table.time, "time");
  if (table.graph) roles.emplace_back(*table.graph, "graph");
  return roles;
}

}  // namespace

std::string Table::place(Index row, std::size_t column) const {
  return csv.place(static_cast<std::size_t>(row)) + ": column \"" + csv.columns[column] + "\"";
}

void check_text(const io::CsvTable& csv) {
  for (const std::string& name : csv.columns)
    check(is_utf8(name), ErrorCode::format, csv.path, ": the name of a column is not UTF-8 text");
  for (std::size_t r = 0; r < csv.rows.size(); ++r)
    for (std::size_t c = 0; c < csv.columns.size(); ++c)
      check(is_utf8(csv.rows[r][c]), ErrorCode::format, csv.place(r), ": column \"", csv.columns[c],
            "\" is not UTF-8 text");
}

std::optional<std::size_t> find_named(const io::CsvTable& csv, const std::string& named,
                                      const std::string& known) {
  if (!named.empty()) return csv.column(named);
  if (known.empty()) return {};
  return csv.find_column(known);
}

void find_item_columns(Table& table, const TableOptions& options, const FeatureSchema* schema) {
  table.labels = find_labels(table.csv, options.label, schema);
  table.split = find_named(table.csv, options.split_column, "");
  table.time = find_named(table.csv, options.time, schema ? schema->time_column : "");
}

std::size_t find_id(const Table& table, const std::string& named, const std::string& known,
                    const char* what, const Note& note) {
  const io::CsvTable& csv = table.csv;
  if (!named.empty()) return csv.column(named);
  if (!known.empty()) return csv.column(known);
  if (const auto id = csv.find_column("id")) return *id;
  const auto roles = roles_of(table, {});
  for (std::size_t c = 0; c < csv.columns.size(); ++c) {
    if (std::ranges::any_of(roles, [&](const auto& role) { return role.first == c; })) continue;
    tell(note, csv.path, " has no column \"id\": its column \"", csv.columns[c], "\" names the ",
         what);
    return c;
  }
  fail(ErrorCode::not_found, csv.path, " has no column that could name the ", what);
}

void settle_columns(Table& table, const std::vector<std::string>& keys) {
  const auto roles = roles_of(table, keys);
  std::vector<const std::string*> role_of(table.csv.columns.size(), nullptr);
  for (const auto& [column, role] : roles) {
    check(!role_of[column] || (role == "label" && *role_of[column] == role), ErrorCode::usage,
          table.csv.path, ": column \"", table.csv.columns[column], "\" cannot be both ",
          role_of[column] ? *role_of[column] : "", " and ", role);
    role_of[column] = &role;
  }
  for (std::size_t c = 0; c < role_of.size(); ++c)
    if (!role_of[c]) table.others.push_back(c);
}

std::vector<std::string> read_ids(const Table& table) {
  const std::size_t column = table.keys[0];
  std::vector<std::string> ids;
  std::unordered_map<std::string_view, Index> rows;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& id = table.cell(r, column);
    check(!id.empty(), ErrorCode::format, table.place(r, column), " is empty, expected an id");
    const auto [first, is_new] = rows.emplace(id, r);
    check(is_new, ErrorCode::format, table.csv.place(r), ": id \"", id, "\" stands in ",
          table.csv.row_name(first->second), " already");
    ids.push_back(id);
  }
  return ids;
}

std::vector<Split> read_split_column(const Table& table) {
  if (!table.split) return {};
  Split split;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& part = table.cell(r, *table.split);
    if (part.empty()) continue;
    const bool is_val = part == "val" || part == "valid" || part == "validation";
    check(is_val || part == "train" || part == "test", ErrorCode::format,
          table.place(r, *table.split), ": \"", part, "\" is not train, val or test");
    (is_val ? split.val : part == "train" ? split.train : split.test).push_back(r);
  }
  return {split};
}

std::vector<double> read_times(const Table& table) {
  std::vector<double> times;
  for (Index r = 0; table.time && r < table.size(); ++r) {
    const std::string& cell = table.cell(r, *table.time);
    const auto time = io::parse_number(cell);
    check(time.has_value(), ErrorCode::format, table.place(r, *table.time), ": \"", cell,
          "\" is not a number, expected a time such as 1289241912 (seconds since 1970)");
    times.push_back(*time);
  }
  return times;
}

}  // namespace AGATE_NAMESPACE::data
