#include "io/table_builder.hpp"

#include <agate/core/error.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::io {
namespace {

constexpr std::size_t free_cells = std::size_t{1} << 20;
constexpr std::size_t cells_per_byte = 4;

}  // namespace

TableBuilder::TableBuilder(const std::string& path, std::vector<std::string> columns,
                           std::size_t bytes)
    : table_{.path = path, .columns = std::move(columns), .rows = {}, .lines = {}},
      fixed_(table_.columns.size()),
      most_cells_(free_cells + cells_per_byte * bytes),
      names_(table_.columns.begin(), table_.columns.end()) {}

/// Texts count as the cells that their bytes would fill.
void TableBuilder::take(std::size_t cells) {
  cells_ += cells;
  check(cells_ <= most_cells_, ErrorCode::limit, table_.path, ": as a table of at least ",
        table_.rows.size(), " rows and ", table_.columns.size(),
        " columns it would be far larger than the file");
}

void TableBuilder::widen(std::vector<std::string>& cells, std::size_t width) {
  take(width - cells.size());
  cells.resize(width);
}

std::size_t TableBuilder::add_row(Index line) {
  take(fixed_);
  table_.rows.emplace_back(fixed_);
  table_.lines.push_back(line);
  return table_.rows.size() - 1;
}

void TableBuilder::set(std::size_t row, std::size_t column, std::string value) {
  take(value.size() / sizeof(std::string));
  table_.rows[row][column] = std::move(value);
}

void TableBuilder::set_attribute(std::size_t row, const std::string& name, std::string value) {
  const auto [found, is_new] = attributes_.emplace(name, table_.columns.size());
  if (is_new) {
    std::string column = name;
    while (!names_.insert(column).second) column += " (attribute)";
    table_.columns.push_back(std::move(column));
  }
  widen(table_.rows[row], std::max(table_.rows[row].size(), found->second + 1));
  set(row, found->second, std::move(value));
}

CsvTable TableBuilder::finish() && {
  for (auto& cells : table_.rows) widen(cells, table_.columns.size());
  return std::move(table_);
}

}  // namespace AGATE_NAMESPACE::io
