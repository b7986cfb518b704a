#include <agate/core/error.hpp>
#include <agate/data/encodings.hpp>
#include <cmath>

#include "data/columns.hpp"
#include "data/limits.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

using Numbers = std::unordered_map<std::string_view, NodeId>;

constexpr Index most_edge_entries = Index{1} << 30;  // 4 GiB

/// Rows that are filled column by column: each column of a table fills one entry of every row,
/// however wide its one-hot.
class Rows {
 public:
  Rows(Index rows, Index width, Index per_row) : rows_(rows), width_(width), per_row_(per_row) {
    check(width_ <= most_columns, ErrorCode::limit, "the table makes ", width_,
          " features, at most 2^31 - 1 are supported");
    const auto entries = static_cast<std::size_t>(checked_product(rows, per_row_, "features"));
    arrays_.columns.resize(entries);
    arrays_.values.resize(entries);
    for (Index i = 0; i <= rows; ++i) arrays_.offsets.push_back(i * per_row_);
  }
  /// Starts the next column of the table, which is `width` features wide.
  void next(Index width) {
    ++entry_;
    first_ = end_;
    end_ += width;
  }
  void set(Index row, Index feature, Real value) {
    const Index at = row * per_row_ + entry_;
    arrays_.columns[at] = static_cast<NodeId>(first_ + feature);
    arrays_.values[at] = value;
  }
  SparseMatrix matrix() && { return {rows_, width_, std::move(arrays_)}; }

 private:
  Index rows_, width_, per_row_;
  Index entry_ = -1, first_ = 0, end_ = 0;
  CsrArrays arrays_;
};

Numbers numbered(const std::vector<std::string>& names) {
  Numbers numbers;
  for (const std::string& name : names) numbers.emplace(name, static_cast<NodeId>(numbers.size()));
  return numbers;
}

void add_numeric(const Table& table, const NumericColumn& column, Rows& rows) {
  const std::size_t c = table.csv.column(column.name);
  rows.next(1);
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& cell = table.cell(r, c);
    const auto number = cell.empty() ? column.mean : io::parse_number(cell);
    check(number.has_value(), ErrorCode::format, table.place(r, c), ": \"", cell,
          "\" is not a finite number");
    const auto value = static_cast<Real>((*number - column.mean) / column.deviation);
    check(std::isfinite(value), ErrorCode::format, table.place(r, c), ": ", cell,
          " is too far from the mean ", column.mean, " of the training data");
    rows.set(r, 0, value);
  }
}

void add_category(const Table& table, const CategoryColumn& column, Rows& rows, const Note& note) {
  const std::size_t c = table.csv.column(column.name);
  const Index unknown = std::ssize(column.categories);
  const Numbers numbers = numbered(column.categories);
  Index unseen = 0;
  rows.next(unknown + 1);
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& cell = table.cell(r, c);
    const auto found = cell.empty() ? numbers.end() : numbers.find(cell);
    unseen += found == numbers.end() && !cell.empty();
    rows.set(r, found == numbers.end() ? unknown : found->second, 1);
  }
  if (unseen > 0)
    tell(note, table.csv.path, ": ", unseen, " cells of column \"", column.name,
         "\" hold a text that training did not see, and count as unknown");
}

void add_table_columns(const Table& table, const std::vector<NumericColumn>& numeric,
                       const std::vector<CategoryColumn>& categories, Rows& rows,
                       const Note& note) {
  for (const NumericColumn& column : numeric) add_numeric(table, column, rows);
  for (const CategoryColumn& column : categories) add_category(table, column, rows, note);
}

void add_identity(const Table& table, const std::vector<std::string>& ids,
                  const FeatureSchema& schema, Rows& rows, const Note& note) {
  const Index unknown = std::ssize(schema.identity_ids);
  const Numbers numbers = numbered(schema.identity_ids);
  Index unseen = 0;
  rows.next(unknown + 1);
  for (Index r = 0; r < table.size(); ++r) {
    const auto found = numbers.find(ids[r]);
    unseen += found == numbers.end();
    rows.set(r, found == numbers.end() ? unknown : found->second, 1);
  }
  if (unseen > 0)
    tell(note, table.csv.path, ": ", unseen, " of ", table.size(),
         " nodes were not there in training, and count as unknown");
}

void add_encodings(const Tensor& encodings, Rows& rows) {
  for (Index c = 0; c < encodings.cols(); ++c) {
    rows.next(1);
    for (Index r = 0; r < encodings.rows(); ++r) rows.set(r, 0, encodings.row(r)[c]);
  }
}

}  // namespace

FeatureMatrix build_features(const Table& nodes, const Dataset& dataset,
                             const FeatureSchema& schema, const Note& note) {
  const StructuralFeatures& structural = schema.structural;
  const Index per_row = std::ssize(schema.numeric) + std::ssize(schema.categories) +
                        structural.identity + structural.encodings();
  Rows rows(nodes.size(), schema.num_features(), per_row);
  add_table_columns(nodes, schema.numeric, schema.categories, rows, note);
  if (structural.identity) add_identity(nodes, dataset.node_ids, schema, rows, note);
  if (structural.encodings() > 0)
    add_encodings(structural_encodings(dataset.graph, dataset.graph_offsets, schema), rows);
  SparseMatrix x = std::move(rows).matrix();
  if (structural.identity || 4 * per_row < schema.num_features()) return x;
  return x.to_dense();
}

Tensor build_edge_features(const Table& edges, const FeatureSchema& schema, const Note& note) {
  const Index width = schema.num_edge_features();
  if (width == 0) return {};
  check(edges.size() <= most_edge_entries / width, ErrorCode::limit, edges.csv.path, ": ",
        edges.size(), " edges with ", width, " features each are more than 4 GiB");
  Rows rows(edges.size(), width,
            std::ssize(schema.edge_numeric) + std::ssize(schema.edge_categories));
  add_table_columns(edges, schema.edge_numeric, schema.edge_categories, rows, note);
  return std::move(rows).matrix().to_dense();
}

}  // namespace AGATE_NAMESPACE::data
