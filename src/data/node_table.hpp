#pragma once
// The node table of a network: which column is what, and what stands in those that are no features.

#include <agate/data/schema.hpp>
#include <agate/data/tables.hpp>
#include <agate/io/csv.hpp>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
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

struct NodeTable {
  io::CsvTable csv;
  std::size_t id = 0;
  /// Where the labels stand: one column of classes, or several of targets; nothing for one that a
  /// table to predict on lacks.
  std::vector<std::optional<std::size_t>> labels;
  std::optional<std::size_t> split;
  std::vector<std::size_t> others;  ///< the columns that are none of these

  Index size() const { return std::ssize(csv.rows); }
  bool several_labels() const { return labels.size() > 1; }
  /// `people.csv:7: column "age"`
  std::string place(Index row, std::size_t column) const;
};

/// Finds out what the columns are. Those that `options` names must be there. With a schema, the
/// columns that it names are used where `options` names none; a label column may then be missing.
NodeTable read_node_table(io::CsvTable csv, const TableOptions& options,
                          const FeatureSchema* schema);

/// Error(format) for an empty id or one that stands there twice.
std::vector<std::string> read_ids(const NodeTable& table);

/// The distinct labels, sorted; of several label columns their names. Error(value) when they cannot
/// be classes: none, one only, or nearly every one different; and for a label known of no node.
std::vector<std::string> find_classes(const NodeTable& table);

/// The class of each node, -1 where the cell is empty or there is no such column. Error(format) for
/// a label that is not one of `classes`.
std::vector<int> read_labels(const NodeTable& table, const std::vector<std::string>& classes);

/// nodes x label columns of 0, 1, NaN where the cell is empty or there is no such column.
/// Error(format) for any other cell.
Tensor read_targets(const NodeTable& table);

/// Error(format) for a cell that is neither empty nor train, val, valid, validation or test.
std::vector<Split> read_split_column(const NodeTable& table);

}  // namespace AGATE_NAMESPACE::data
