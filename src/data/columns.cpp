#include "data/columns.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::size_t many_categories = 20;

bool is_nan_or_infinity(std::string_view cell) {
  if (!cell.empty() && (cell[0] == '+' || cell[0] == '-')) cell.remove_prefix(1);
  std::string lower;
  for (char c : cell) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

/// What the cells of one column look like.
struct Survey {
  Index filled = 0, meant_as_numbers = 0;
  Index first_bad = -1;  // the first row whose cell is not a finite number
  std::vector<double> numbers;
};

Survey survey(const Table& table, std::size_t column) {
  Survey seen;
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& cell = table.cell(r, column);
    if (cell.empty()) continue;
    ++seen.filled;
    const auto number = io::parse_number(cell);
    if (number) seen.numbers.push_back(*number);
    if (number || is_nan_or_infinity(cell)) ++seen.meant_as_numbers;
    if (!number && seen.first_bad < 0) seen.first_bad = r;
  }
  return seen;
}

NumericColumn standardised(const Table& table, std::size_t column,
                           const std::vector<double>& numbers) {
  const auto n = static_cast<double>(numbers.size());
  double mean = 0, squares = 0;
  for (double x : numbers) mean += x / n;
  for (double x : numbers) squares += (x - mean) * (x - mean) / n;
  const auto [low, high] = std::ranges::minmax(numbers);
  const double deviation = low == high ? 1 : std::sqrt(squares);
  check(std::isfinite(mean) && std::isfinite(deviation) && deviation > 0, ErrorCode::value,
        table.csv.path, ": column \"", table.csv.columns[column], "\" runs from ", low, " to ",
        high, ", which is beyond what can be standardised");
  return {table.csv.columns[column], low == high ? low : mean, deviation};
}

std::set<std::string> distinct_texts(const Table& table, std::size_t column) {
  std::set<std::string> texts;
  for (const auto& row : table.csv.rows)
    if (!row[column].empty()) texts.insert(row[column]);
  return texts;
}

void refuse_bad_number(const Table& table, std::size_t column, const Survey& seen) {
  if (seen.first_bad < 0) return;
  const std::string& cell = table.cell(seen.first_bad, column);
  fail(ErrorCode::format, table.place(seen.first_bad, column), ": \"", cell, "\" is not a ",
       is_nan_or_infinity(cell) ? "finite " : "",
       "number, as the other cells are; leave the cell empty where it is not known");
}

void describe(const Table& table, std::size_t column, std::vector<NumericColumn>& numeric,
              std::vector<CategoryColumn>& categories, const Note& note) {
  const std::string& name = table.csv.columns[column];
  const Survey seen = survey(table, column);
  if (seen.filled == 0)
    return tell(note, table.csv.path, ": column \"", name, "\" is empty and was left out");
  if (5 * seen.meant_as_numbers >= 4 * seen.filled) {
    refuse_bad_number(table, column, seen);
    numeric.push_back(standardised(table, column, seen.numbers));
    return;
  }
  // A name, an address or a remark tells the rows apart and says nothing of them.
  const auto texts = distinct_texts(table, column);
  if (texts.size() > many_categories && 2 * std::ssize(texts) > seen.filled)
    return tell(note, table.csv.path, ": column \"", name, "\" holds ", texts.size(),
                " different texts in ", seen.filled, " rows, as a name does, and was left out");
  categories.push_back({name, {texts.begin(), texts.end()}});
}

}  // namespace

void describe_columns(const Table& table, std::vector<NumericColumn>& numeric,
                      std::vector<CategoryColumn>& categories, const Note& note) {
  for (std::size_t column : table.others) describe(table, column, numeric, categories, note);
}

void check_columns(const Table& table, const std::vector<NumericColumn>& numeric,
                   const std::vector<CategoryColumn>& categories, const Note& note) {
  std::set<std::string_view> used;
  for (const NumericColumn& column : numeric) used.insert(column.name);
  for (const CategoryColumn& column : categories) used.insert(column.name);
  for (const std::string_view name : used) table.csv.column(std::string(name));
  std::string unused;
  for (std::size_t c : table.others)
    if (!used.contains(table.csv.columns[c]))
      unused += (unused.empty() ? "\"" : ", \"") + table.csv.columns[c] + "\"";
  if (!unused.empty()) tell(note, table.csv.path, ": the model does not use column ", unused);
}

}  // namespace AGATE_NAMESPACE::data
