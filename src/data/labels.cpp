#include <agate/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "data/table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::size_t many_classes = 20;
constexpr Real unknown = std::numeric_limits<Real>::quiet_NaN();

bool by_number_or_text(const std::string& a, const std::string& b) {
  const auto x = io::parse_number(a), y = io::parse_number(b);
  return x != y ? x < y : a < b;
}

double number_of(const Table& table, Index row, std::size_t column) {
  const std::string& cell = table.cell(row, column);
  const auto number = io::parse_number(cell);
  check(number && std::isfinite(static_cast<Real>(*number)), ErrorCode::format,
        table.place(row, column), ": \"", cell,
        "\" is not a number; leave the cell empty where it is not known");
  return *number;
}

/// The class that a row is of, empty where it is not known.
std::string class_of(const Table& table, Index row, const Label& label) {
  const std::string& cell = table.cell(row, *label.column);
  if (cell.empty() || !label.threshold) return cell;
  return label.threshold->holds(number_of(table, row, *label.column)) ? "yes" : "no";
}

/// The names of the label columns.
std::vector<std::string> find_several(const Table& table) {
  std::vector<std::string> names;
  for (const Label& label : table.labels) {
    names.push_back(label.name);
    check(std::ranges::any_of(table.csv.rows,
                              [&](const auto& row) { return !row[*label.column].empty(); }),
          ErrorCode::value, table.csv.path, ": every cell of the label column \"",
          table.csv.columns[*label.column], "\" is empty");
  }
  return names;
}

/// The distinct texts of the label column.
std::vector<std::string> find_distinct(const Table& table, const Label& label) {
  std::map<std::string, Index> counts;
  Index labelled = 0;
  bool numbers = true;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string text = class_of(table, r, label);
    if (text.empty()) continue;
    ++labelled;
    if (counts[text]++ == 0) numbers = numbers && io::parse_number(text).has_value();
  }
  check(labelled > 0, ErrorCode::value, table.csv.path, ": every cell of the label column \"",
        label.name, "\" is empty");
  check(counts.size() > 1, ErrorCode::value, table.csv.path, ": the label column \"", label.name,
        "\" holds one class only, \"", counts.begin()->first, "\"");
  check(counts.size() <= many_classes || 2 * std::ssize(counts) <= labelled, ErrorCode::value,
        table.csv.path, ": the label column \"", label.name, "\" holds ", counts.size(),
        " different values in ", labelled, " rows; expected classes, each with several rows");
  std::vector<std::string> classes;
  for (const auto& [name, count] : counts) classes.push_back(name);
  if (numbers) std::ranges::sort(classes, by_number_or_text);
  return classes;
}

Real target_of(const Table& table, Index row, const Label& label, bool regression) {
  const std::string& cell = table.cell(row, *label.column);
  if (cell.empty()) return unknown;
  if (label.threshold)
    return label.threshold->holds(number_of(table, row, *label.column)) ? Real{1} : Real{0};
  if (regression) return static_cast<Real>(number_of(table, row, *label.column));
  const auto number = io::parse_number(cell);
  check(number && (*number == 0 || *number == 1), ErrorCode::format,
        table.place(row, *label.column), ": \"", cell,
        "\" is neither 0 nor 1, nor empty for what is not known");
  return static_cast<Real>(*number);
}

}  // namespace

std::vector<std::string> find_classes(const Table& table, bool regression) {
  if (table.labels.empty()) return {};
  for (const Label& label : table.labels)
    check(!regression || !label.threshold, ErrorCode::usage, "label \"", label.name,
          "\" makes classes, and a regression needs numbers; name the column alone");
  const bool several = regression || table.labels.size() > 1;
  return several ? find_several(table) : find_distinct(table, table.labels[0]);
}

std::vector<int> read_labels(const Table& table, const std::vector<std::string>& classes) {
  std::vector<int> y(static_cast<std::size_t>(table.size()), -1);
  if (table.labels.empty() || !table.labels[0].column) return y;
  std::unordered_map<std::string_view, int> number;
  for (const std::string& name : classes) number.emplace(name, static_cast<int>(number.size()));
  for (Index r = 0; r < table.size(); ++r) {
    const std::string name = class_of(table, r, table.labels[0]);
    if (name.empty()) continue;
    const auto found = number.find(name);
    check(found != number.end(), ErrorCode::format, table.place(r, *table.labels[0].column), ": \"",
          name, "\" is not a class of the model");
    y[r] = found->second;
  }
  return y;
}

Tensor read_targets(const Table& table, bool regression) {
  const Index labels = std::ssize(table.labels);
  Tensor targets = Tensor::full({table.size(), labels}, unknown);
  for (Index c = 0; c < labels; ++c)
    if (table.labels[c].column)
      for (Index r = 0; r < table.size(); ++r)
        targets.row(r)[c] = target_of(table, r, table.labels[c], regression);
  return targets;
}

}  // namespace AGATE_NAMESPACE::data
