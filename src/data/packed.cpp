#include <agate/core/error.hpp>
#include <agate/data/packed.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::data {
namespace {

template <class T>
std::vector<T> pick(const std::vector<T>& from, std::span<const Index> places) {
  std::vector<T> picked;
  if (from.empty()) return picked;
  picked.reserve(places.size());
  for (Index place : places) picked.push_back(from[static_cast<std::size_t>(place)]);
  return picked;
}

Tensor pick(const Tensor& from, std::span<const Index> places) {
  return from.empty() ? Tensor{} : select_rows(from, places);
}

NodeRange nodes_of(const Dataset& dataset, Index graph) {
  if (dataset.graph_offsets.empty()) return {0, dataset.num_nodes()};
  const auto at = dataset.graph_offsets.begin() + graph;
  return {at[0], at[1]};
}

}  // namespace

std::vector<Index> GraphPart::rows_of(std::span<const Index> named) const {
  std::vector<Index> rows;
  auto at = named.begin();
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (k > 0 && nodes[k] <= nodes[k - 1]) at = named.begin();
    at = std::lower_bound(at, named.end(), nodes[k]);
    if (at != named.end() && *at == nodes[k]) rows.push_back(static_cast<Index>(k));
  }
  return rows;
}

GraphPart select_graphs(const Dataset& dataset, std::span<const Index> graphs) {
  check(dataset.task == Task::node || dataset.task == Task::graph, ErrorCode::unsupported,
        "dataset: some graphs of ", dataset.name, " are no data of their own, its items are ",
        items_of(dataset.task));
  GraphPart part;
  Dataset& d = part.dataset;
  d.graph_offsets = {0};
  std::vector<NodeRange> ranges;
  for (const Index graph : graphs) {
    check(graph >= 0 && graph < dataset.num_graphs(), ErrorCode::shape,
          "dataset: a part names graph ", graph, ", there are ", dataset.num_graphs());
    const auto [begin, end] = ranges.emplace_back(nodes_of(dataset, graph));
    part.nodes.resize(part.nodes.size() + static_cast<std::size_t>(end - begin));
    std::iota(part.nodes.end() - (end - begin), part.nodes.end(), begin);
    d.graph_offsets.push_back(std::ssize(part.nodes));
  }
  d.name = dataset.name;
  d.task = dataset.task;
  d.regression = dataset.regression;
  d.classes = dataset.classes;
  std::vector<Index> edges;
  d.graph = dataset.graph.concat_ranges(ranges, dataset.edge_attr.empty() ? nullptr : &edges);
  d.edge_attr = pick(dataset.edge_attr, edges);
  d.x = select_rows(dataset.x, part.nodes);
  d.node_ids = pick(dataset.node_ids, part.nodes);
  d.graph_ids = pick(dataset.graph_ids, graphs);
  const std::span<const Index> items = d.task == Task::graph ? graphs : part.nodes;
  d.y = pick(dataset.y, items);
  d.targets = pick(dataset.targets, items);
  d.times = pick(dataset.times, items);
  d.groups = pick(dataset.groups, items);
  d.rows = pick(dataset.rows, items);
  d.source_rows = dataset.source_rows;
  return part;
}

std::vector<Index> graphs_of(const Dataset& dataset, std::span<const Index> nodes) {
  std::vector<Index> graphs;
  const auto& offsets = dataset.graph_offsets;
  for (Index node : nodes) {
    check(node >= 0 && node < dataset.num_nodes(), ErrorCode::shape, "dataset: there is no node ",
          node, ", there are ", dataset.num_nodes());
    const Index graph =
        offsets.empty() ? 0 : std::ranges::upper_bound(offsets, node) - offsets.begin() - 1;
    if (graphs.empty() || graphs.back() != graph) graphs.push_back(graph);
  }
  return graphs;
}

}  // namespace AGATE_NAMESPACE::data
