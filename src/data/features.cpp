#include <agate/core/error.hpp>
#include <agate/data/encodings.hpp>
#include <cmath>
#include <limits>

#include "data/columns.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

using Numbers = std::unordered_map<std::string_view, NodeId>;

/// The features of a schema fill the same number of entries in every row: one for each column of
/// the table, however wide its one-hot.
Index entries_per_row(const FeatureSchema& schema) {
  const StructuralFeatures& s = schema.structural;
  return std::ssize(schema.numeric) + std::ssize(schema.categories) + s.identity + s.degree +
         s.random_walk + s.spectral;
}

/// Rows that are filled column by column.
class Rows {
 public:
  Rows(Index rows, const FeatureSchema& schema)
      : rows_(rows), width_(schema.num_features()), per_row_(entries_per_row(schema)) {
    check(width_ <= std::numeric_limits<NodeId>::max(), ErrorCode::limit, "the table makes ",
          width_, " features, at most 2^31 - 1 are supported");
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

void add_numeric(const NodeTable& table, const NumericColumn& column, Rows& rows) {
  const std::size_t c = table.csv.column(column.name);
  rows.next(1);
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& cell = table.csv.rows[r][c];
    const auto number = cell.empty() ? column.mean : io::parse_number(cell);
    check(number.has_value(), ErrorCode::format, table.place(r, c), ": \"", cell,
          "\" is not a finite number");
    const auto value = static_cast<Real>((*number - column.mean) / column.deviation);
    check(std::isfinite(value), ErrorCode::format, table.place(r, c), ": ", cell,
          " is too far from the mean ", column.mean, " of the training data");
    rows.set(r, 0, value);
  }
}

void add_category(const NodeTable& table, const CategoryColumn& column, Rows& rows,
                  const Note& note) {
  const std::size_t c = table.csv.column(column.name);
  const Index unknown = std::ssize(column.categories);
  const Numbers numbers = numbered(column.categories);
  Index unseen = 0;
  rows.next(unknown + 1);
  for (Index r = 0; r < table.size(); ++r) {
    const std::string& cell = table.csv.rows[r][c];
    const auto found = cell.empty() ? numbers.end() : numbers.find(cell);
    unseen += found == numbers.end() && !cell.empty();
    rows.set(r, found == numbers.end() ? unknown : found->second, 1);
  }
  if (unseen > 0)
    tell(note, table.csv.path, ": ", unseen, " cells of column \"", column.name,
         "\" hold a text that training did not see, and count as unknown");
}

void add_identity(const NodeTable& table, const std::vector<std::string>& ids,
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

void add_columns(const Tensor& encoding, double mean, double deviation, Rows& rows) {
  for (Index c = 0; c < encoding.cols(); ++c) {
    rows.next(1);
    for (Index r = 0; r < encoding.rows(); ++r)
      rows.set(r, 0, static_cast<Real>((encoding.row(r)[c] - mean) / deviation));
  }
}

}  // namespace

FeatureMatrix build_features(const NodeTable& table, const std::vector<std::string>& ids,
                             const Graph& graph, const FeatureSchema& schema, const Note& note) {
  const StructuralFeatures& structural = schema.structural;
  Rows rows(table.size(), schema);
  for (const NumericColumn& column : schema.numeric) add_numeric(table, column, rows);
  for (const CategoryColumn& column : schema.categories) add_category(table, column, rows, note);
  if (structural.identity) add_identity(table, ids, schema, rows, note);
  if (structural.degree)
    add_columns(degree_encoding(graph), schema.degree_mean, schema.degree_deviation, rows);
  if (structural.random_walk > 0)
    add_columns(random_walk_encoding(graph, structural.random_walk), 0, 1, rows);
  if (structural.spectral > 0)
    add_columns(spectral_encoding(graph, structural.spectral), 0, 1, rows);
  SparseMatrix x = std::move(rows).matrix();
  if (structural.identity || 4 * entries_per_row(schema) < schema.num_features()) return x;
  return x.to_dense();
}

}  // namespace AGATE_NAMESPACE::data
