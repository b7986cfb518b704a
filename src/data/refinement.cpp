#include <agate/data/refinement.hpp>
#include <agate/tensor/repeated_rows.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <span>
#include <utility>
#include <variant>

namespace AGATE_NAMESPACE::data {
namespace {

/// One round: a node's own class, and those of its neighbours with the edges between.
std::optional<RowClasses> next_round(const Graph& graph, std::span<const Index> before,
                                     std::span<const Index> edges, Index most) {
  std::vector<Index> offsets{0}, words;
  std::vector<std::pair<Index, Index>> received;
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    received.clear();
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      received.emplace_back(before[graph.sources()[p]],
                            edges.empty() ? 0 : edges[graph.edge_ids()[p]]);
    std::ranges::sort(received);
    words.push_back(before[i]);
    for (const auto& [source, edge] : received) words.insert(words.end(), {source, edge});
    offsets.push_back(std::ssize(words));
  }
  return equal_lists(offsets, words, most);
}

/// The first node of each class, with the edges that enter it.
Refined classes_of(const Dataset& d, RowClasses classes) {
  std::vector<Edge> edges;
  std::vector<Index> edge_rows;
  for (Index c = 0; c < classes.count(); ++c) {
    const Index node = classes.first[static_cast<std::size_t>(c)];
    for (Index p = d.graph.offsets()[node]; p < d.graph.offsets()[node + 1]; ++p) {
      const auto source = static_cast<std::size_t>(d.graph.sources()[p]);
      edges.push_back({static_cast<NodeId>(classes.of[source]), static_cast<NodeId>(c)});
      edge_rows.push_back(d.graph.edge_ids()[p]);
    }
  }
  Refined refined;
  refined.classes.name = d.name;
  refined.classes.graph = Graph::from_edges(classes.count(), edges);
  refined.classes.x = select_rows(d.x, classes.first);
  if (!d.edge_attr.empty()) refined.classes.edge_attr = select_rows(d.edge_attr, edge_rows);
  refined.class_of = std::move(classes.of);
  return refined;
}

}  // namespace

std::optional<Refined> refine(const Dataset& d, Index rounds, double most) {
  const auto ids = d.graph.edge_ids();
  if (std::ranges::find(ids, Index{-1}) != ids.end()) return {};
  const auto limit = static_cast<Index>(most * static_cast<double>(d.num_nodes()));
  auto classes = std::visit([&](const auto& x) { return equal_rows(x, limit); }, d.x);
  std::vector<Index> edges;
  if (classes && !d.edge_attr.empty()) edges = equal_rows(d.edge_attr, d.edge_attr.rows())->of;
  for (Index round = 0; classes && round < rounds; ++round) {
    const Index before = classes->count();
    classes = next_round(d.graph, classes->of, edges, limit);
    if (classes && classes->count() == before) break;  // no further round tells more apart
  }
  if (!classes) return {};
  return classes_of(d, std::move(*classes));
}

std::vector<Refined> refine_layers(const Dataset& d, Index layers, double most) {
  std::vector<Refined> refined(static_cast<std::size_t>(layers));
  const Dataset* finer = &d;
  // What some rounds make of the classes of more rounds is what they make of the whole.
  for (Index l = layers - 1; l >= 0; --l) {
    auto classes = refine(*finer, l + 1, finer == &d ? most : 1);
    if (!classes) return {};
    refined[static_cast<std::size_t>(l)] = std::move(*classes);
    finer = &refined[static_cast<std::size_t>(l)].classes;
  }
  return refined;
}

}  // namespace AGATE_NAMESPACE::data
