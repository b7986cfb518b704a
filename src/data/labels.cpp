#include <agate/core/error.hpp>
#include <algorithm>
#include <limits>
#include <map>

#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::size_t many_classes = 20;

bool by_number_or_text(const std::string& a, const std::string& b) {
  const auto x = io::parse_number(a), y = io::parse_number(b);
  return x != y ? x < y : a < b;
}

/// The names of the label columns.
std::vector<std::string> find_several(const NodeTable& table) {
  std::vector<std::string> names;
  for (const auto& column : table.labels) {
    names.push_back(table.csv.columns[*column]);
    check(
        std::ranges::any_of(table.csv.rows, [&](const auto& row) { return !row[*column].empty(); }),
        ErrorCode::value, table.csv.path, ": every cell of the label column \"", names.back(),
        "\" is empty");
  }
  return names;
}

/// The distinct texts of the label column.
std::vector<std::string> find_distinct(const NodeTable& table, std::size_t column) {
  const std::string& name = table.csv.columns[column];
  std::map<std::string, Index> counts;
  Index labelled = 0;
  bool numbers = true;
  for (const auto& row : table.csv.rows) {
    const std::string& cell = row[column];
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

Real target_of(const NodeTable& table, Index row, std::size_t column) {
  const std::string& cell = table.csv.rows[row][column];
  if (cell.empty()) return std::numeric_limits<Real>::quiet_NaN();
  const auto number = io::parse_number(cell);
  check(number && (*number == 0 || *number == 1), ErrorCode::format, table.place(row, column),
        ": \"", cell, "\" is neither 0 nor 1, nor empty for what is not known");
  return static_cast<Real>(*number);
}

}  // namespace

std::vector<std::string> find_classes(const NodeTable& table) {
  if (table.labels.empty()) return {};
  return table.several_labels() ? find_several(table) : find_distinct(table, *table.labels[0]);
}

std::vector<int> read_labels(const NodeTable& table, const std::vector<std::string>& classes) {
  std::vector<int> y(static_cast<std::size_t>(table.size()), -1);
  if (table.labels.empty() || !table.labels[0]) return y;
  const std::size_t column = *table.labels[0];
  std::unordered_map<std::string_view, int> number;
  for (const std::string& name : classes) number.emplace(name, static_cast<int>(number.size()));
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& label = table.csv.rows[r][column];
    if (label.empty()) continue;
    const auto found = number.find(label);
    check(found != number.end(), ErrorCode::format, table.place(r, column), ": \"", label,
          "\" is not a class of the model");
    y[r] = found->second;
  }
  return y;
}

Tensor read_targets(const NodeTable& table) {
  const auto labels = std::ssize(table.labels);
  Tensor targets = Tensor::full({table.size(), labels}, std::numeric_limits<Real>::quiet_NaN());
  for (Index c = 0; c < labels; ++c)
    if (const auto column = table.labels[c])
      for (Index r = 0; r < table.size(); ++r) targets.row(r)[c] = target_of(table, r, *column);
  return targets;
}

}  // namespace AGATE_NAMESPACE::data
