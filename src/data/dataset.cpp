#include <agate/core/error.hpp>
#include <agate/data/dataset.hpp>
#include <algorithm>
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

void check_targets(const Dataset& dataset) {
  const Tensor& t = dataset.targets;
  check(dataset.y.empty(), ErrorCode::shape,
        "dataset: there are classes and multi-label targets, expected one of them");
  check(t.shape() == Shape{dataset.num_nodes(), dataset.num_classes()}, ErrorCode::shape,
        "dataset: the targets are ", t.shape().to_string(), ", there are ", dataset.num_nodes(),
        " nodes and ", dataset.num_classes(), " labels");
  for (Index i = 0; i < t.rows(); ++i)
    for (Index c = 0; c < t.cols(); ++c) {
      const Real v = t.row(i)[c];
      check(v == 0 || v == 1 || v != v, ErrorCode::value, "dataset: the target in row ", i,
            ", column ", c, " is ", v, ", expected 0, 1 or NaN");
    }
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

void check_graphs(const Dataset& dataset) {
  const auto& offsets = dataset.graph_offsets;
  if (offsets.empty()) return;
  check(offsets.front() == 0 && offsets.back() == dataset.num_nodes() &&
            std::ranges::is_sorted(offsets),
        ErrorCode::shape, "dataset: the offsets of its ", dataset.num_graphs(),
        " graphs do not ascend from 0 to ", dataset.num_nodes(), " nodes");
  for (Index g = 0; g < dataset.num_graphs(); ++g)
    for (Index p = dataset.graph.offsets()[offsets[g]]; p < dataset.graph.offsets()[offsets[g + 1]];
         ++p) {
      const Index source = dataset.graph.sources()[p];
      check(source >= offsets[g] && source < offsets[g + 1], ErrorCode::shape,
            "dataset: an edge leads from node ", source, ", which is of another graph, into graph ",
            g);
    }
}

}  // namespace

void validate(const Dataset& dataset) {
  const Index nodes = dataset.num_nodes();
  check(!dataset.graph.is_bipartite(), ErrorCode::shape,
        "dataset: the graph is bipartite, expected one set of nodes");
  check(rows(dataset.x) == nodes, ErrorCode::shape, "dataset: x has ", rows(dataset.x),
        " rows, the graph has ", nodes, " nodes");
  if (dataset.is_multi_label())
    check_targets(dataset);
  else
    check(std::ssize(dataset.y) == nodes, ErrorCode::shape, "dataset: there are ", dataset.y.size(),
          " labels, the graph has ", nodes, " nodes");
  check(dataset.node_ids.empty() || std::ssize(dataset.node_ids) == nodes, ErrorCode::shape,
        "dataset: there are ", dataset.node_ids.size(), " node ids, the graph has ", nodes,
        " nodes");
  for (Index i = 0; i < std::ssize(dataset.y); ++i)
    check(dataset.y[i] >= -1 && dataset.y[i] < dataset.num_classes(), ErrorCode::shape,
          "dataset: node ", i, " has label ", dataset.y[i], ", there are ", dataset.num_classes(),
          " classes");
  check_graphs(dataset);
  std::visit([](const auto& x) { check_finite(x); }, dataset.x);
  for (const Split& split : dataset.splits) {
    std::vector<bool> taken(static_cast<std::size_t>(nodes));
    check_part(split.train, "train", taken);
    check_part(split.val, "val", taken);
    check_part(split.test, "test", taken);
  }
}

std::string usual_metric(const Dataset& dataset) {
  return dataset.is_multi_label() ? "roc_auc" : "accuracy";
}

}  // namespace AGATE_NAMESPACE::data
