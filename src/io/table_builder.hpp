#pragma once
// A table whose columns turn up while it is filled.

#include <agate/io/csv.hpp>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace AGATE_NAMESPACE::io {

class TableBuilder {
 public:
  /// `columns` are always there. `bytes` is the size of the file, which bounds that of the table.
  TableBuilder(const std::string& path, std::vector<std::string> columns, std::size_t bytes);

  /// A row of empty cells. Returns its number.
  std::size_t add_row(Index line);
  /// By position, for a column that is always there.
  void set(std::size_t row, std::size_t column, std::string value);
  const std::string& get(std::size_t row, std::size_t column) const {
    return table_.rows[row][column];
  }
  /// By name, for an attribute.
  void set_attribute(std::size_t row, const std::string& name, std::string value);

  CsvTable finish() &&;

 private:
  void take(std::size_t cells);
  void widen(std::vector<std::string>& cells, std::size_t width);

  CsvTable table_;
  std::size_t fixed_;
  std::size_t cells_ = 0, most_cells_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::size_t> attributes_;  // which column holds one
};

}  // namespace AGATE_NAMESPACE::io
