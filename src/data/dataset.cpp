#include <agate/core/error.hpp>
#include <agate/data/dataset.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace AGATE_NAMESPACE::data {
namespace {

struct TaskWords {
  Task task;
  const char *name, *items;
};
constexpr std::array<TaskWords, 4> task_words{{{Task::node, "node", "nodes"},
                                               {Task::edge, "edge", "edges"},
                                               {Task::link, "link", "pairs"},
                                               {Task::graph, "graph", "graphs"}}};

const TaskWords& words_of(Task task) { return task_words[static_cast<std::size_t>(task)]; }

void check_finite(const Tensor& x, const char* what = "feature") {
  check(x.shape().rank() == 2, ErrorCode::shape, "dataset: the ", what, "s have ", x.shape().rank(),
        " dimensions, expected 2");
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j)
      check(std::isfinite(x.row(i)[j]), ErrorCode::value, "dataset: the ", what, " in row ", i,
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
        "dataset: there are classes and targets, expected one of them");
  check(t.shape() == Shape{dataset.num_items(), dataset.num_classes()}, ErrorCode::shape,
        "dataset: the targets are ", t.shape().to_string(), ", there are ", dataset.num_items(),
        ' ', items_of(dataset.task), " and ", dataset.num_classes(), " labels");
  for (Index i = 0; i < t.rows(); ++i)
    for (Index c = 0; c < t.cols(); ++c) {
      const Real v = t.row(i)[c];
      check(dataset.regression ? !std::isinf(v) : v == 0 || v == 1 || v != v, ErrorCode::value,
            "dataset: the target in row ", i, ", column ", c, " is ", v, ", expected ",
            dataset.regression ? "a number" : "0, 1", " or NaN");
    }
}

void check_rows(const Dataset& dataset) {
  const Index items = dataset.num_items();
  check(dataset.rows.empty() || std::ssize(dataset.rows) == items, ErrorCode::shape,
        "dataset: there are source rows of ", dataset.rows.size(), ' ', items_of(dataset.task),
        ", the graph has ", items);
  for (const Index row : dataset.rows)
    check(row >= 0 && row < dataset.source_rows, ErrorCode::shape, "dataset: row ", row,
          " of the source, which had ", dataset.source_rows);
}

void check_classes(const Dataset& dataset) {
  const std::string items = items_of(dataset.task);
  check(std::ssize(dataset.y) == dataset.num_items(), ErrorCode::shape, "dataset: there are ",
        dataset.y.size(), " labels, the graph has ", dataset.num_items(), ' ', items);
  for (Index i = 0; i < std::ssize(dataset.y); ++i)
    check(dataset.y[i] >= -1 && dataset.y[i] < dataset.num_classes(), ErrorCode::shape,
          "dataset: ", to_string(dataset.task), ' ', i, " has label ", dataset.y[i], ", there are ",
          dataset.num_classes(), " classes");
}

void check_edges(const Dataset& dataset) {
  const Index edges = dataset.graph.num_edges();
  check(dataset.edge_attr.empty() || dataset.edge_attr.rows() == edges, ErrorCode::shape,
        "dataset: there are features of ", dataset.edge_attr.empty() ? 0 : dataset.edge_attr.rows(),
        " edges, the graph has ", edges);
  if (!dataset.edge_attr.empty()) check_finite(dataset.edge_attr, "edge feature");
  const Index pairs = std::ssize(dataset.pairs), nodes = dataset.num_nodes();
  if (dataset.task == Task::edge)
    check(edges == pairs || edges == 2 * pairs, ErrorCode::shape, "dataset: there are ", pairs,
          " edges to predict, the graph has ", edges);
  for (const Edge& pair : dataset.pairs)
    check(pair.source >= 0 && pair.source < nodes && pair.target >= 0 && pair.target < nodes,
          ErrorCode::shape, "dataset: a pair of the nodes ", pair.source, " and ", pair.target,
          ", there are ", nodes, " nodes");
}

void check_part(const std::vector<Index>& part, const char* name, const std::string& what,
                std::vector<bool>& taken) {
  const auto items = static_cast<Index>(taken.size());
  for (std::size_t k = 0; k < part.size(); ++k) {
    const Index item = part[k];
    check(item >= 0 && item < items, ErrorCode::shape, "dataset: the ", name, " split names ", what,
          ' ', item, ", there are ", items);
    check(k == 0 || part[k - 1] < item, ErrorCode::shape, "dataset: the ", name,
          " split is not ascending at ", what, ' ', item);
    check(!taken[item], ErrorCode::shape, "dataset: ", what, ' ', item, " of the ", name,
          " split is in another part too");
    taken[item] = true;
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

std::string to_string(Task task) { return words_of(task).name; }
std::string items_of(Task task) { return words_of(task).items; }

Task parse_task(const std::string& text) {
  for (const TaskWords& words : task_words)
    if (words.name == text) return words.task;
  fail(ErrorCode::usage, "task: \"", text, "\" is not one of node, edge, link, graph");
}

Index Dataset::num_items() const {
  if (task == Task::node) return num_nodes();
  return task == Task::graph ? num_graphs() : std::ssize(pairs);
}

bool Dataset::is_labelled(Index item) const {
  if (targets.empty()) return y[static_cast<std::size_t>(item)] >= 0;
  return std::any_of(targets.row(item), targets.row(item) + targets.cols(),
                     [](Real v) { return !std::isnan(v); });
}

std::string Dataset::item_name(Index item) const {
  if (task == Task::node) return node_name(item);
  const auto at = static_cast<std::size_t>(item);
  if (task == Task::graph) return graph_ids.empty() ? std::to_string(item) : graph_ids[at];
  return node_name(pairs[at].source) + " -> " + node_name(pairs[at].target);
}

std::vector<Index> labelled_items(const Dataset& dataset) {
  std::vector<Index> items;
  const Index known_of = dataset.targets.empty() ? std::ssize(dataset.y) : dataset.targets.rows();
  for (Index i = 0; i < known_of; ++i)
    if (dataset.is_labelled(i)) items.push_back(i);
  return items;
}

Dataset without_labels(Dataset d, std::span<const Index> items) {
  if (!d.targets.empty()) d.targets = d.targets.clone();
  for (const Index item : items) {
    check(item >= 0 && item < d.num_items(), ErrorCode::shape, "without_labels: item ", item,
          " of ", d.num_items());
    if (!d.y.empty()) d.y[static_cast<std::size_t>(item)] = -1;
    if (!d.targets.empty())
      std::fill_n(d.targets.row(item), d.targets.cols(), std::numeric_limits<Real>::quiet_NaN());
  }
  return d;
}

void validate(const Dataset& dataset) {
  const Index nodes = dataset.num_nodes();
  check(!dataset.graph.is_bipartite(), ErrorCode::shape,
        "dataset: the graph is bipartite, expected one set of nodes");
  check(rows(dataset.x) == nodes, ErrorCode::shape, "dataset: x has ", rows(dataset.x),
        " rows, the graph has ", nodes, " nodes");
  if (dataset.targets.empty())
    check_classes(dataset);
  else
    check_targets(dataset);
  check(dataset.node_ids.empty() || std::ssize(dataset.node_ids) == nodes, ErrorCode::shape,
        "dataset: there are ", dataset.node_ids.size(), " node ids, the graph has ", nodes,
        " nodes");
  check(dataset.graph_ids.empty() || std::ssize(dataset.graph_ids) == dataset.num_graphs(),
        ErrorCode::shape, "dataset: there are ", dataset.graph_ids.size(), " names for ",
        dataset.num_graphs(), " graphs");
  check(dataset.times.empty() || std::ssize(dataset.times) == dataset.num_items(), ErrorCode::shape,
        "dataset: there are times of ", dataset.times.size(), ' ', items_of(dataset.task),
        ", the graph has ", dataset.num_items());
  check(dataset.groups.empty() || std::ssize(dataset.groups) == dataset.num_items(),
        ErrorCode::shape, "dataset: there are groups of ", dataset.groups.size(), ' ',
        items_of(dataset.task), ", the graph has ", dataset.num_items());
  check_rows(dataset);
  check_graphs(dataset);
  check_edges(dataset);
  std::visit([](const auto& x) { check_finite(x); }, dataset.x);
  const std::string what = to_string(dataset.task);
  for (const Split& split : dataset.splits) {
    std::vector<bool> taken(static_cast<std::size_t>(dataset.num_items()));
    check_part(split.train, "train", what, taken);
    check_part(split.val, "val", what, taken);
    check_part(split.test, "test", what, taken);
  }
}

std::string usual_metric(const Dataset& dataset) {
  if (dataset.regression) return "rmse";
  return dataset.is_multi_label() || dataset.task == Task::link ? "roc_auc" : "accuracy";
}

}  // namespace AGATE_NAMESPACE::data
