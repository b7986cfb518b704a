#include <agate/core/error.hpp>
#include <agate/data/tu.hpp>
#include <algorithm>
#include <filesystem>
#include <numeric>

#include "data/limits.hpp"
#include "data/split_file.hpp"
#include "data/tu_edges.hpp"
#include "data/tu_rows.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index most_degree =
    135;  // of IMDB-BINARY, and usual since the powerful GNNs of Xu et al.
constexpr Index most_dense_columns = 1000;

void read_classes(const std::string& path, Dataset& dataset) {
  const auto labels = read_integer_rows(path);
  check(labels.columns == 1 || labels.rows == 0, ErrorCode::format, labels.place(0), ": ",
        labels.columns, " numbers, expected the label of one graph");
  std::vector<Index> distinct = labels.values;
  std::ranges::sort(distinct);
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  for (const Index label : labels.values)
    dataset.y.push_back(
        static_cast<int>(std::ranges::lower_bound(distinct, label) - distinct.begin()));
  for (const Index label : distinct) dataset.classes.push_back(std::to_string(label));
}

void read_targets(const std::string& path, Dataset& dataset) {
  const auto numbers = read_number_rows(path);
  dataset.regression = true;
  dataset.targets = Tensor::uninitialized({numbers.rows, numbers.columns});
  std::ranges::transform(numbers.values, dataset.targets.values().begin(),
                         [](double value) { return static_cast<Real>(value); });
  for (Index c = 0; c < numbers.columns; ++c) dataset.classes.push_back(std::to_string(c));
}

/// Fills what is to be learned of the graphs; returns the file that does, with as many lines.
std::string read_what_is_learned(const TuFolder& folder, Dataset& dataset) {
  const auto labels = folder.find("graph_labels"), numbers = folder.find("graph_attributes");
  check(labels || numbers, ErrorCode::not_found, folder.path(folder.name()),
        "_graph_labels.txt is not there, and neither is ", folder.name(), "_graph_attributes.txt");
  labels ? read_classes(*labels, dataset) : read_targets(*numbers, dataset);
  return labels ? *labels : *numbers;
}

std::vector<Index> offsets_of(const NumberRows<Index>& graphs, Index count,
                              const std::string& counted) {
  check(graphs.rows > 0, ErrorCode::format, graphs.path,
        ": is empty, expected the graph of each node");
  check(graphs.columns == 1, ErrorCode::format, graphs.place(0), ": ", graphs.columns,
        " numbers, expected the graph of one node");
  check(graphs.rows <= most_nodes, ErrorCode::limit, graphs.path, ": ", graphs.rows,
        " nodes, at most 2^31 - 1 are supported");
  std::vector<Index> offsets(static_cast<std::size_t>(count) + 1, 0);
  for (Index i = 0; i < graphs.rows; ++i) {
    const Index graph = graphs.values[i];
    if (graph < 1 || graph > count) [[unlikely]]
      fail(ErrorCode::format, graphs.place(i), ": there is no graph ", graph, ", ", counted,
           " has ", count, " rows");
    if (i > 0 && graph < graphs.values[i - 1]) [[unlikely]]
      fail(ErrorCode::format, graphs.place(i), ": a node of graph ", graph, " after one of graph ",
           graphs.values[i - 1],
           ", expected the nodes of each graph together and the graphs ascending");
    ++offsets[graph];
  }
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

SparseMatrix degree_one_hot(const Graph& graph) {
  CsrArrays x;
  x.values.assign(static_cast<std::size_t>(graph.num_nodes()), 1);
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    x.offsets.push_back(i);
    x.columns.push_back(static_cast<NodeId>(std::min(graph.in_degree(i), most_degree)));
  }
  x.offsets.push_back(graph.num_nodes());
  return {graph.num_nodes(), most_degree + 1, std::move(x)};
}

FeatureMatrix features_of(const TuRows& known, const Graph& graph) {
  if (known.width() == 0) return degree_one_hot(graph);
  if (!known.has_attributes() || known.width() > most_dense_columns) return known.sparse();
  std::vector<Index> all(static_cast<std::size_t>(graph.num_nodes()));
  std::iota(all.begin(), all.end(), Index{0});
  return known.dense(all);
}

}  // namespace

bool is_tu_folder(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return false;
  try {
    return !TuFolder(path).name().empty();
  } catch (const Error& error) {
    return error.code() == ErrorCode::format;
  }
}

Dataset read_tu(const std::string& path) {
  const TuFolder folder(path);
  Dataset dataset;
  dataset.name = folder.name();
  dataset.task = Task::graph;
  const std::string counted = read_what_is_learned(folder, dataset);
  const auto graphs = read_integer_rows(folder.get("graph_indicator"));
  const Index count =
      dataset.regression ? dataset.targets.rows() : static_cast<Index>(dataset.y.size());
  dataset.graph_offsets =
      offsets_of(graphs, count, std::filesystem::path(counted).filename().string());

  const auto listed = read_integer_rows(folder.get("A"));
  const TuRows of_lines(folder, "edge", listed);
  const TuEdges found = read_tu_edges(listed, of_lines, graphs);
  dataset.graph = Graph::from_edges(graphs.rows, found.edges, {.undirected = found.undirected});
  if (of_lines.width() > 0) dataset.edge_attr = of_lines.dense(found.lines);
  dataset.x = features_of(TuRows(folder, "node", graphs), dataset.graph);

  for (const char* file : {"fair_comparison_splits.json", "fair_comparison_splits.json.gz"}) {
    std::error_code ignored;
    if (dataset.splits.empty() && std::filesystem::exists(folder.path(file), ignored))
      dataset.splits = read_split_file(folder.path(file), dataset).folds;
  }
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
