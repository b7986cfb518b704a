#include <agate/core/error.hpp>
#include <agate/data/npz_graph.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

#include "data/limits.hpp"
#include "data/npz_archive.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index most_labels = 1'000'000;

std::vector<Edge> listed_edges(const Archive& archive, Index nodes) {
  const auto ends = archive.integers("edge_index", 2);
  check(archive.get("edge_index").shape[0] == 2, ErrorCode::format, archive.place("edge_index"),
        " has ", archive.get("edge_index").shape[0], " rows, expected 2");
  const std::size_t count = ends.size() / 2;
  std::vector<Edge> edges(count);
  for (std::size_t e = 0; e < count; ++e)
    edges[e] = checked_edge(archive, "edge_index", e, ends[e], ends[count + e], nodes);
  return edges;
}

Graph read_graph(const Archive& archive, Index nodes) {
  const auto edges = listed_edges(archive, nodes);
  const auto undirected = paired(edges);
  return Graph::from_edges(nodes, undirected ? *undirected : edges,
                           {.undirected = undirected.has_value()});
}

SparseMatrix identity(Index nodes) {
  CsrArrays arrays;
  arrays.offsets.resize(static_cast<std::size_t>(nodes) + 1);
  std::iota(arrays.offsets.begin(), arrays.offsets.end(), Index{0});
  arrays.columns.resize(static_cast<std::size_t>(nodes));
  std::iota(arrays.columns.begin(), arrays.columns.end(), NodeId{0});
  arrays.values.assign(static_cast<std::size_t>(nodes), 1);
  return {nodes, nodes, std::move(arrays)};
}

void check_offsets(const Archive& archive, const std::vector<Index>& offsets, Index nodes,
                   Index entries) {
  const std::string place = archive.place("x_indptr");
  check(std::ssize(offsets) == nodes + 1, ErrorCode::format, place, " has ", offsets.size(),
        " elements, expected ", nodes + 1, " for ", nodes, " nodes");
  check(offsets.front() == 0 && offsets.back() == entries && std::ranges::is_sorted(offsets),
        ErrorCode::format, place, " does not rise from 0 to ", entries,
        ", the length of x_indices");
}

SparseMatrix read_features(const Archive& archive, Index nodes) {
  const auto shape = archive.integers("x_shape", 1);
  check(shape.size() == 2 && shape[0] == nodes && shape[1] >= 0 && shape[1] <= most_columns,
        ErrorCode::format, archive.place("x_shape"), " does not describe a matrix of ", nodes,
        " rows, one for each label in y");
  CsrArrays arrays;
  arrays.offsets = archive.integers("x_indptr", 1);
  const auto columns = archive.integers("x_indices", 1);
  check_offsets(archive, arrays.offsets, nodes, std::ssize(columns));
  for (const Index column : columns) {
    check(column >= 0 && column < shape[1], ErrorCode::format, archive.place("x_indices"),
          " names column ", column, ", there are ", shape[1]);
    arrays.columns.push_back(static_cast<NodeId>(column));
  }
  const io::Array& values = archive.get("x_data");
  check(values.shape.size() == 1 && values.shape[0] == std::ssize(columns), ErrorCode::format,
        archive.place("x_data"), " has ", values.size(), " elements, x_indices has ",
        columns.size());
  const Tensor data = values.as_tensor(archive.place("x_data"));
  arrays.values.assign(data.values().begin(), data.values().end());
  return {nodes, shape[1], std::move(arrays)};
}

/// y with a row per node and a column per label.
void read_targets(const Archive& archive, Dataset& dataset) {
  dataset.targets = archive.numbers("y", 2);
  const Index labels = dataset.targets.cols();
  check(labels >= 1 && labels <= most_labels, ErrorCode::format, archive.place("y"), " has ",
        labels, " columns, expected one for each label, at most ", most_labels);
  for (Real& target : dataset.targets.values()) {
    check(target == 0 || target == 1 || target == -1 || std::isnan(target), ErrorCode::format,
          archive.place("y"), " holds ", target,
          " and has a column for each label, expected 0, 1, or -1 or NaN where not known");
    if (target == -1) target = std::numeric_limits<Real>::quiet_NaN();
  }
  for (Index c = 0; c < labels; ++c) dataset.classes.push_back(std::to_string(c));
}

/// Fills what is to be learned; returns how many nodes there are.
Index read_labels(const Archive& archive, Dataset& dataset) {
  if (!archive.has("y")) {
    const Index nodes = archive.integers("num_nodes", 0).front();
    check(nodes >= 0 && nodes <= most_nodes, ErrorCode::format, archive.place("num_nodes"), " is ",
          nodes, ", expected 0 to 2^31 - 1");
    dataset.y.assign(static_cast<std::size_t>(nodes), -1);
    return nodes;
  }
  if (archive.get("y").shape.size() == 2) {
    read_targets(archive, dataset);
    return dataset.targets.rows();
  }
  read_classes(archive, "y", dataset);
  return std::ssize(dataset.y);
}

Dataset read_edge_index(const Archive& archive) {
  Dataset dataset;
  const Index nodes = read_labels(archive, dataset);
  dataset.graph = read_graph(archive, nodes);
  const bool has_features = archive.has("x_indptr") || archive.has("x_indices") ||
                            archive.has("x_data") || archive.has("x_shape");
  dataset.x = has_features ? read_features(archive, nodes) : identity(nodes);
  dataset.splits = read_masks(archive, {"train_mask", "val_mask", "test_mask"}, 1, nodes);
  return dataset;
}

}  // namespace

Dataset read_npz_graph(const std::string& path) {
  const Archive archive(path);
  Dataset dataset = archive.has("node_labels") ? read_edge_rows(archive) : read_edge_index(archive);
  dataset.name = std::filesystem::path(path).stem().string();
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
