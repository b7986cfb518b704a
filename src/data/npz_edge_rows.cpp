#include <agate/core/error.hpp>
#include <algorithm>

#include "data/npz_archive.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

/// Each undirected edge stands there once; a file that lists both directions means the same.
Graph graph_of_rows(const Archive& archive, Index nodes) {
  const auto ends = archive.integers("edges", 2);
  check(archive.get("edges").shape[1] == 2, ErrorCode::format, archive.place("edges"), " has ",
        archive.get("edges").shape[1], " columns, expected 2");
  std::vector<Edge> edges(ends.size() / 2);
  for (std::size_t e = 0; e < edges.size(); ++e)
    edges[e] = checked_edge(archive, "edges", e, ends[2 * e], ends[2 * e + 1], nodes);
  return Graph::from_edges(nodes, paired(edges).value_or(edges), {.undirected = true});
}

FeatureMatrix sparse_where_it_pays(const Tensor& x) {
  const auto zeros = std::ranges::count(x.values(), Real{0});
  if (4 * (x.size() - zeros) >= x.size()) return x;
  CsrArrays arrays;
  arrays.offsets.push_back(0);
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index j = 0; j < x.cols(); ++j) {
      if (x.row(i)[j] == 0) continue;
      arrays.columns.push_back(static_cast<NodeId>(j));
      arrays.values.push_back(x.row(i)[j]);
    }
    arrays.offsets.push_back(std::ssize(arrays.columns));
  }
  return SparseMatrix(x.rows(), x.cols(), std::move(arrays));
}

FeatureMatrix features_of_rows(const Archive& archive, Index nodes) {
  const Tensor x = archive.numbers("node_features", 2);
  check(x.rows() == nodes, ErrorCode::format, archive.place("node_features"), " has ", x.rows(),
        " rows, node_labels has ", nodes, " elements");
  return sparse_where_it_pays(x);
}

}  // namespace

Dataset read_edge_rows(const Archive& archive) {
  Dataset dataset;
  read_classes(archive, "node_labels", dataset);
  const Index nodes = std::ssize(dataset.y);
  dataset.graph = graph_of_rows(archive, nodes);
  dataset.x = features_of_rows(archive, nodes);
  dataset.splits = read_masks(archive, {"train_masks", "val_masks", "test_masks"}, 2, nodes);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
