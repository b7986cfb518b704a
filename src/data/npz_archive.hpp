#pragma once
// The arrays of a numpy archive that holds a graph, and what its layouts have in common.

#include <agate/data/dataset.hpp>
#include <agate/io/npz.hpp>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// The arrays of one archive, with messages that name it.
class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path), arrays_(io::read_npz(path)) {}
  bool has(const std::string& name) const { return arrays_.contains(name); }
  std::string place(const std::string& name) const { return path_ + ": " + name; }

  /// Error(format) listing the arrays that there are.
  const io::Array& get(const std::string& name) const;
  /// Error(format) unless it holds integers in so many dimensions.
  std::vector<Index> integers(const std::string& name, int rank) const;
  /// Error(format) unless there are so many dimensions.
  Tensor numbers(const std::string& name, int rank) const;

 private:
  const io::Array& get(const std::string& name, int rank) const;

  std::string path_;
  std::map<std::string, io::Array> arrays_;
};

/// Fills y and classes from one integer per node: a class, or -1 for none.
void read_classes(const Archive& archive, const std::string& name, Dataset& dataset);

/// An edge of the archive. Error(format) for an end that is no node.
Edge checked_edge(const Archive& archive, const std::string& name, std::size_t e, Index source,
                  Index target, Index nodes);

/// The first of each pair of opposite edges, and the loops; nothing when some edge lacks its
/// opposite.
std::optional<std::vector<Edge>> paired(const std::vector<Edge>& edges);

/// The splits that three masks describe: of `nodes` elements each (rank 1), or of so many in each
/// row, one row for each split (rank 2). None where none of the masks is there.
std::vector<Split> read_masks(const Archive& archive, const std::array<std::string, 3>& names,
                              int rank, Index nodes);

/// The layout of the heterophilous graphs of Platonov et al. 2023: `node_features`,
/// `node_labels`, `edges`, `train_masks`, `val_masks`, `test_masks`.
Dataset read_edge_rows(const Archive& archive);

}  // namespace AGATE_NAMESPACE::data
