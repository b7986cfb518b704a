#pragma once
// What the files of a TU folder say of its nodes, or of its lines of edges.

#include <agate/tensor/features.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/number_rows.hpp"

namespace AGATE_NAMESPACE::data {

/// The files of a TU folder: NAME_part.txt, or NAME_part.txt.gz.
class TuFolder {
 public:
  /// The folder of the one NAME_graph_indicator.txt in it. Error(not_found) when there is none,
  /// Error(format) for several.
  explicit TuFolder(const std::string& folder);
  const std::string& name() const { return name_; }
  std::string path(const std::string& file) const;
  std::optional<std::string> find(const std::string& part) const;
  /// Error(not_found) when it is not there.
  std::string get(const std::string& part) const;

 private:
  std::string folder_, name_;
};

/// Attributes, which are numbers, and labels, of which each distinct value becomes a column; both
/// may be missing.
class TuRows {
 public:
  /// NAME_KIND_attributes and NAME_KIND_labels. Error(format) for a file that has not as many rows
  /// as `counted` has lines.
  template <class Number>
  TuRows(const TuFolder& folder, const std::string& kind, const NumberRows<Number>& counted)
      : TuRows(folder, kind, counted.rows, counted.path) {}

  bool has_attributes() const { return attributes_.columns > 0; }
  /// Columns: first the attributes, then those of the labels, each by ascending value.
  Index width() const { return attributes_.columns + label_columns_; }
  /// Orders rows by what they say: negative, 0 or positive.
  int compare(Index a, Index b) const;
  /// Error(value) FILE:LINE for a number that is too large, Error(limit) for too many columns.
  Tensor dense(const std::vector<Index>& rows) const;
  SparseMatrix sparse() const;

 private:
  TuRows(const TuFolder& folder, const std::string& kind, Index rows, const std::string& counted);
  template <class Visit>
  void visit(Index row, Visit visit) const;

  Index rows_;
  NumberRows<double> attributes_;
  NumberRows<Index> labels_;  // of each row the columns that are 1
  Index label_columns_ = 0;
};

}  // namespace AGATE_NAMESPACE::data
