#pragma once
// A table of nodes, edges or graphs: which column is what, and what stands in those that are no
// features.

#include <agate/data/schema.hpp>
#include <agate/data/tables.hpp>
#include <agate/io/csv.hpp>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

using Note = std::function<void(const std::string&)>;

/// The parts written one after the other, if somebody listens.
template <class... Parts>
void tell(const Note& note, const Parts&... parts) {
  if (!note) return;
  std::ostringstream sentence;
  (sentence << ... << parts);
  note(sentence.str());
}

/// Cuts numbers into two classes, "no" and "yes": those on one side of a border.
struct Threshold {
  std::string relation;  ///< < <= > >=
  double border = 0;
  bool holds(double number) const;
};

/// A column of labels, as it was asked for: "club", or "rating>0".
struct Label {
  std::string name;
  std::optional<std::size_t> column{};  ///< nothing: a table to predict on lacks it
  std::optional<Threshold> threshold{};
};

struct Table {
  io::CsvTable csv;
  std::vector<std::size_t> keys{};  ///< the id of a node or graph; source and target of an edge
  std::vector<Label> labels{};      ///< one column of classes, or one or several of targets
  std::optional<std::size_t> split{}, time{}, graph{};
  std::vector<std::size_t> others{};  ///< the columns that are none of these

  Index size() const { return std::ssize(csv.rows); }
  const std::string& cell(Index row, std::size_t column) const { return csv.rows[row][column]; }
  /// `people.csv:7: column "age"`
  std::string place(Index row, std::size_t column) const;
};

/// Error(format) with the place of what is not UTF-8: ids and categories end up in JSON and HTML.
void check_text(const io::CsvTable& csv);

/// The column `named`, which must be there; otherwise the one that a model knows, if it is there.
std::optional<std::size_t> find_named(const io::CsvTable& csv, const std::string& named,
                                      const std::string& known);

/// The columns that options.label names, which must be there; otherwise those of the schema, which
/// may be missing.
std::vector<Label> find_labels(const io::CsvTable& csv, const std::string& named,
                               const FeatureSchema* schema);

/// Finds labels, split and times in the table whose rows are the items of the task.
void find_item_columns(Table& table, const TableOptions& options, const FeatureSchema* schema);

/// The id column of nodes or graphs: the one named, that of the schema, "id", or the first that is
/// nothing else. `what` is "nodes" or "graphs".
std::size_t find_id(const Table& table, const std::string& named, const std::string& known,
                    const char* what, const Note& note);

/// Fills table.others. Error(usage) for a column that is two things; `keys` are the words for
/// table.keys.
void settle_columns(Table& table, const std::vector<std::string>& keys);

/// Error(format) for an empty id or one that stands there twice.
std::vector<std::string> read_ids(const Table& table);

/// The distinct labels, sorted; of targets the names of their columns. Error(value) when they
/// cannot be classes: none, one only, or nearly every one different; and for a label known of no
/// row.
std::vector<std::string> find_classes(const Table& table, bool regression);

/// The class of each row, -1 where the cell is empty or there is no such column. Error(format) for
/// a label that is not one of `classes`.
std::vector<int> read_labels(const Table& table, const std::vector<std::string>& classes);

/// rows x label columns of 0 and 1, or of numbers; NaN where the cell is empty or there is no such
/// column. Error(format) for any other cell.
Tensor read_targets(const Table& table, bool regression);

/// Error(format) for a cell that is neither empty nor train, val, valid, validation or test.
std::vector<Split> read_split_column(const Table& table);

/// Error(format) for a cell that is no number; nothing where there is no such column.
std::vector<double> read_times(const Table& table);

}  // namespace AGATE_NAMESPACE::data
