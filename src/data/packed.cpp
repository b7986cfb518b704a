#include <agate/core/error.hpp>
#include <agate/data/packed.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

template <class T>
std::vector<T> pick(const std::vector<T>& from, const std::vector<Index>& places) {
  std::vector<T> picked;
  if (from.empty()) return picked;
  picked.reserve(places.size());
  for (Index place : places) picked.push_back(from[static_cast<std::size_t>(place)]);
  return picked;
}

std::pair<Index, Index> nodes_of(const Dataset& dataset, Index graph) {
  if (dataset.graph_offsets.empty()) return {0, dataset.num_nodes()};
  const auto at = dataset.graph_offsets.begin() + graph;
  return {at[0], at[1]};
}

}  // namespace

std::vector<Index> GraphPart::rows_of(std::span<const Index> named) const {
  std::vector<Index> rows;
  auto at = named.begin();
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    at = std::lower_bound(at, named.end(), nodes[k]);
    if (at == named.end()) break;
    if (*at == nodes[k]) rows.push_back(static_cast<Index>(k));
  }
  return rows;
}

GraphPart select_graphs(const Dataset& dataset, std::span<const Index> graphs) {
  GraphPart part;
  part.dataset.graph_offsets = {0};
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    const Index graph = graphs[k], there = dataset.num_graphs();
    check(graph >= 0 && graph < there, ErrorCode::shape, "dataset: a part names graph ", graph,
          ", there are ", there);
    check(k == 0 || graphs[k - 1] < graph, ErrorCode::shape,
          "dataset: the graphs of a part do not ascend at graph ", graph);
    const auto [begin, end] = nodes_of(dataset, graph);
    for (Index node = begin; node < end; ++node) part.nodes.push_back(node);
    part.dataset.graph_offsets.push_back(std::ssize(part.nodes));
  }
  part.dataset.name = dataset.name;
  part.dataset.graph = dataset.graph.induced(part.nodes);
  part.dataset.x = select_rows(dataset.x, part.nodes);
  part.dataset.y = pick(dataset.y, part.nodes);
  if (dataset.is_multi_label()) part.dataset.targets = select_rows(dataset.targets, part.nodes);
  part.dataset.classes = dataset.classes;
  part.dataset.node_ids = pick(dataset.node_ids, part.nodes);
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
