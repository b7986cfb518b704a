#include "explain/ego_view.hpp"

#include <agate/graph/edges.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <queue>
#include <set>

namespace AGATE_NAMESPACE::explain {
namespace {

struct Strongest {
  double score;
  Index edge;
};
using Lines = std::map<std::pair<NodeId, NodeId>, Strongest>;

Lines lines_of(const data::Dataset& dataset, const ItemExplanation& e) {
  const auto edges = edge_list(dataset.graph);
  Lines lines;
  for (std::size_t k = 0; k < e.edges.size(); ++k) {
    const Edge& edge = edges[static_cast<std::size_t>(e.edges[k])];
    if (edge.source == edge.target) continue;
    const Strongest now{e.edge_scores[k], e.edges[k]};
    const auto [at, added] = lines.try_emplace(std::minmax(edge.source, edge.target), now);
    if (!added && std::abs(now.score) > std::abs(at->second.score)) at->second = now;
  }
  return lines;
}

std::vector<Index> explained_nodes(const data::Dataset& dataset, const ItemExplanation& e) {
  if (dataset.task == data::Task::graph) return {};
  if (dataset.task == data::Task::node) return {e.item};
  const Edge& pair = dataset.pairs[static_cast<std::size_t>(e.item)];
  if (pair.source == pair.target) return {pair.source};
  return {pair.source, pair.target};
}

// Those with the strongest lines first, those without at last.
std::vector<Index> by_strongest(const Lines& lines, std::vector<Index> nodes) {
  std::map<Index, double> strength;
  for (const auto& [ends, line] : lines)
    for (const NodeId node : {ends.first, ends.second})
      strength[node] = std::max(strength[node], std::abs(line.score));
  std::ranges::stable_sort(nodes, std::greater<>(), [&](Index node) {
    return strength.contains(node) ? strength[node] : -1;
  });
  return nodes;
}

}  // namespace

EgoView ego_view(const data::Dataset& dataset, const ItemExplanation& e, Index most) {
  const Lines lines = lines_of(dataset, e);
  std::map<NodeId, std::vector<std::pair<double, NodeId>>> around;
  std::set<Index> touched;
  for (const auto& [ends, line] : lines) {
    around[ends.first].emplace_back(std::abs(line.score), ends.second);
    around[ends.second].emplace_back(std::abs(line.score), ends.first);
    touched.insert({ends.first, ends.second});
  }
  EgoView view{.nodes = explained_nodes(dataset, e)};
  view.explained = view.nodes.size();
  touched.insert(view.nodes.begin(), view.nodes.end());
  if (view.explained == 0) touched.insert(e.nodes.begin(), e.nodes.end());

  // The strongest edge that leads out of what is there, over and over; of equals the lower node.
  std::map<Index, std::size_t> place;
  std::priority_queue<std::pair<double, NodeId>> next;
  const auto put = [&](Index node) {
    for (const auto& [score, other] : around[static_cast<NodeId>(node)])
      next.emplace(score, -other);
  };
  for (std::size_t k = 0; k < view.nodes.size(); ++k) place[view.nodes[k]] = k;
  for (std::size_t k = 0; k < view.explained; ++k) put(view.nodes[k]);
  const auto add = [&](Index node) {
    if (!place.emplace(node, view.nodes.size()).second) return;
    view.nodes.push_back(node);
    put(node);
  };
  const auto grow = [&] {
    while (!next.empty() && std::ssize(view.nodes) < most) {
      const Index node = -next.top().second;
      next.pop();
      add(node);
    }
  };
  grow();
  // Of a whole graph also what hangs together with nothing so far.
  if (view.explained == 0)
    for (const Index node : by_strongest(lines, e.nodes)) {
      if (std::ssize(view.nodes) >= most) break;
      add(node);
      grow();
    }
  for (const auto& [ends, line] : lines) {
    const auto a = place.find(ends.first), b = place.find(ends.second);
    if (a != place.end() && b != place.end())
      view.lines.push_back({a->second, b->second, line.score, line.edge});
  }
  std::ranges::stable_sort(view.lines, [](const EgoLine& a, const EgoLine& b) {
    return std::abs(a.score) < std::abs(b.score);
  });
  // Of a thicket the strongest: more lines than these are one dark spot.
  const std::ptrdiff_t most_lines = 2 * most;
  if (std::ssize(view.lines) > most_lines)
    view.lines.erase(view.lines.begin(), view.lines.end() - most_lines);
  view.all_nodes = touched.size();
  view.all_lines = lines.size();
  return view;
}

}  // namespace AGATE_NAMESPACE::explain
