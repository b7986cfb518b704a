#include "data/tu_rows.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "data/limits.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::string_view indicator = "_graph_indicator.txt";
constexpr Index most_dense_numbers = Index{1} << 31;

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

template <class Number>
void check_rows(const NumberRows<Number>& table, Index rows, const std::string& counted) {
  check(table.rows == rows, ErrorCode::format, table.path, " has ", table.rows, " rows, ",
        file_name(counted), " has ", rows);
}

/// Replaces each label by its column; returns how many columns there are behind `first`.
Index number_labels(NumberRows<Index>& labels, Index first) {
  Index end = first;
  for (Index c = 0; c < labels.columns; ++c) {
    std::vector<Index> distinct;
    for (Index r = 0; r < labels.rows; ++r) distinct.push_back(labels.at(r, c));
    std::ranges::sort(distinct);
    distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
    for (Index r = 0; r < labels.rows; ++r) {
      Index& label = labels.values[r * labels.columns + c];
      label = end + (std::ranges::lower_bound(distinct, label) - distinct.begin());
    }
    end += std::ssize(distinct);
  }
  return end - first;
}

}  // namespace

TuFolder::TuFolder(const std::string& folder) : folder_(folder) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string file = at->path().filename().string();
    const std::size_t found = file.rfind(indicator);
    if (found == file.npos || found == 0) continue;
    const std::string rest = file.substr(found + indicator.size());
    if (rest.empty() || rest == ".gz") names.insert(file.substr(0, found));
  }
  check(!error, ErrorCode::not_found, folder, ": cannot be read: ", error.message());
  check(!names.empty(), ErrorCode::not_found, folder, ": holds no file NAME", indicator);
  name_ = *names.begin();
  check(names.size() == 1, ErrorCode::format, folder, ": holds the graphs of ", name_, " and of ",
        *names.rbegin(), ", expected one dataset in a folder");
}

std::string TuFolder::path(const std::string& file) const {
  return (std::filesystem::path(folder_) / file).string();
}

std::optional<std::string> TuFolder::find(const std::string& part) const {
  for (const char* ending : {".txt", ".txt.gz"}) {
    std::error_code ignored;
    std::string file = path(name_ + "_" + part + ending);
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return {};
}

std::string TuFolder::get(const std::string& part) const {
  const auto file = find(part);
  check(file.has_value(), ErrorCode::not_found, folder_, ": holds no file ", name_, "_", part,
        ".txt");
  return *file;
}

TuRows::TuRows(const TuFolder& folder, const std::string& kind, Index rows,
               const std::string& counted)
    : rows_(rows) {
  if (const auto path = folder.find(kind + "_attributes")) {
    attributes_ = read_number_rows(*path);
    check_rows(attributes_, rows, counted);
  }
  if (const auto path = folder.find(kind + "_labels")) {
    labels_ = read_integer_rows(*path);
    check_rows(labels_, rows, counted);
    label_columns_ = number_labels(labels_, attributes_.columns);
  }
  check(width() <= most_columns, ErrorCode::limit, folder.path(folder.name()), ": ", width(),
        " columns of each ", kind, ", at most 2^31 - 1 are supported");
}

int TuRows::compare(Index a, Index b) const {
  for (Index c = 0; c < labels_.columns; ++c)
    if (labels_.at(a, c) != labels_.at(b, c)) return labels_.at(a, c) < labels_.at(b, c) ? -1 : 1;
  for (Index c = 0; c < attributes_.columns; ++c)
    if (attributes_.at(a, c) != attributes_.at(b, c))
      return attributes_.at(a, c) < attributes_.at(b, c) ? -1 : 1;
  return 0;
}

/// Calls visit(column, value) for what stands in the row, by ascending column.
template <class Visit>
void TuRows::visit(Index row, Visit visit) const {
  for (Index c = 0; c < attributes_.columns; ++c) {
    const auto value = static_cast<Real>(attributes_.at(row, c));
    if (!std::isfinite(value)) [[unlikely]]
      fail(ErrorCode::value, attributes_.place(row), ": ", attributes_.at(row, c), " is too large");
    visit(c, value);
  }
  for (Index c = 0; c < labels_.columns; ++c) visit(labels_.at(row, c), Real{1});
}

Tensor TuRows::dense(const std::vector<Index>& rows) const {
  const Index numbers = checked_product(std::ssize(rows), width(), "features");
  check(numbers <= most_dense_numbers, ErrorCode::limit,
        labels_.path.empty() ? attributes_.path : labels_.path, ": makes ", std::ssize(rows),
        " rows of ", width(), " columns, too many to be kept");
  Tensor x = Tensor::zeros({std::ssize(rows), width()});
  for (Index k = 0; k < x.rows(); ++k)
    visit(rows[k], [&](Index column, Real value) { x.row(k)[column] = value; });
  return x;
}

SparseMatrix TuRows::sparse() const {
  CsrArrays x{{0}, {}, {}};
  for (Index r = 0; r < rows_; ++r) {
    visit(r, [&](Index column, Real value) {
      x.columns.push_back(static_cast<NodeId>(column));
      x.values.push_back(value);
    });
    x.offsets.push_back(std::ssize(x.columns));
  }
  return {rows_, width(), std::move(x)};
}

}  // namespace AGATE_NAMESPACE::data
