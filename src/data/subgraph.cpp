#include <agate/core/error.hpp>
#include <agate/data/subgraph.hpp>
#include <agate/graph/edges.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

void check_items(const Dataset& d) {
  check(d.task == Task::node || d.task == Task::graph, ErrorCode::unsupported,
        "dataset: a part of ", d.name, " would lose some of its items, which are ",
        items_of(d.task));
}

template <class T>
void pick(std::vector<T>& of, std::span<const Index> places) {
  if (of.empty()) return;
  std::vector<T> picked;
  picked.reserve(places.size());
  for (Index place : places) picked.push_back(of[static_cast<std::size_t>(place)]);
  of = std::move(picked);
}

}  // namespace

Dataset keep_nodes(const Dataset& dataset, std::span<const Index> nodes) {
  check_items(dataset);
  Dataset d = dataset;
  d.splits.clear();
  d.graph = dataset.graph.induced(nodes);
  d.x = select_rows(dataset.x, nodes);
  if (!d.edge_attr.empty()) {
    auto kept = [&](NodeId node) { return std::ranges::binary_search(nodes, Index{node}); };
    std::vector<Index> edges;
    const auto all = edge_list(dataset.graph);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (kept(all[k].source) && kept(all[k].target)) edges.push_back(static_cast<Index>(k));
    d.edge_attr = select_rows(dataset.edge_attr, edges);
  }
  for (Index& offset : d.graph_offsets)
    offset = std::ranges::lower_bound(nodes, offset) - nodes.begin();
  pick(d.node_ids, nodes);
  if (d.task == Task::graph) return d;
  pick(d.y, nodes);
  pick(d.times, nodes);
  pick(d.groups, nodes);
  d.source_rows = dataset.num_rows();
  d.rows.clear();
  for (Index node : nodes) d.rows.push_back(dataset.row_of(node));
  if (!d.targets.empty()) d.targets = select_rows(dataset.targets, nodes);
  return d;
}

Dataset keep_edges(const Dataset& dataset, std::span<const Index> edge_ids) {
  check_items(dataset);
  Dataset d = dataset;
  d.splits.clear();
  d.graph = agate::keep_edges(dataset.graph, edge_ids);
  if (!d.edge_attr.empty()) d.edge_attr = select_rows(dataset.edge_attr, edge_ids);
  return d;
}

}  // namespace AGATE_NAMESPACE::data
