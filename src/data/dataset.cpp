#include <agate/core/error.hpp>
#include <agate/data/dataset.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::data {
namespace {

void check_finite(const Tensor& x) {
  check(x.shape().rank() == 2, ErrorCode::shape, "dataset: the features have ", x.shape().rank(),
        " dimensions, expected 2");
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j)
      check(std::isfinite(x.row(i)[j]), ErrorCode::value, "dataset: the feature in row ", i,
            ", column ", j, " is ", x.row(i)[j]);
}

void check_finite(const SparseMatrix& x) {
  for (Index i = 0; i < x.rows(); ++i)
    for (Index p = x.offsets()[i]; p < x.offsets()[i + 1]; ++p)
      check(std::isfinite(x.values()[p]), ErrorCode::value, "dataset: the feature in row ", i,
            ", column ", x.columns()[p], " is ", x.values()[p]);
}

void check_part(const std::vector<Index>& part, const char* name, std::vector<bool>& taken) {
  const auto nodes = static_cast<Index>(taken.size());
  for (std::size_t k = 0; k < part.size(); ++k) {
    const Index node = part[k];
    check(node >= 0 && node < nodes, ErrorCode::shape, "dataset: the ", name, " split names node ",
          node, ", there are ", nodes);
    check(k == 0 || part[k - 1] < node, ErrorCode::shape, "dataset: the ", name,
          " split is not ascending at node ", node);
    check(!taken[node], ErrorCode::shape, "dataset: node ", node, " of the ", name,
          " split is in another part too");
    taken[node] = true;
  }
}

}  // namespace

void validate(const Dataset& dataset) {
  const Index nodes = dataset.num_nodes();
  check(!dataset.graph.is_bipartite(), ErrorCode::shape,
        "dataset: the graph is bipartite, expected one set of nodes");
  check(rows(dataset.x) == nodes, ErrorCode::shape, "dataset: x has ", rows(dataset.x),
        " rows, the graph has ", nodes, " nodes");
  check(std::ssize(dataset.y) == nodes, ErrorCode::shape, "dataset: there are ", dataset.y.size(),
        " labels, the graph has ", nodes, " nodes");
  check(dataset.node_ids.empty() || std::ssize(dataset.node_ids) == nodes, ErrorCode::shape,
        "dataset: there are ", dataset.node_ids.size(), " node ids, the graph has ", nodes,
        " nodes");
  for (Index i = 0; i < nodes; ++i)
    check(dataset.y[i] >= -1 && dataset.y[i] < dataset.num_classes(), ErrorCode::shape,
          "dataset: node ", i, " has label ", dataset.y[i], ", there are ", dataset.num_classes(),
          " classes");
  std::visit([](const auto& x) { check_finite(x); }, dataset.x);
  if (dataset.public_split) {
    std::vector<bool> taken(static_cast<std::size_t>(nodes));
    check_part(dataset.public_split->train, "train", taken);
    check_part(dataset.public_split->val, "val", taken);
    check_part(dataset.public_split->test, "test", taken);
  }
}

}  // namespace AGATE_NAMESPACE::data
