#pragma once
// Small graphs and plain, slow answers about their pairs of nodes.

#include <agate/core/random.hpp>
#include <agate/graph/graph.hpp>
#include <algorithm>
#include <span>
#include <vector>

namespace pairs {

using Edges = std::vector<agate::Edge>;
using Matrix = std::vector<std::vector<bool>>;

template <class T>
std::vector<T> list(std::span<const T> span) {
  return {span.begin(), span.end()};
}

/// A random graph with loops and duplicates.
inline Edges random_edges(agate::NodeId nodes, int edges, std::uint64_t seed) {
  agate::Random random(seed);
  Edges list;
  const auto node = [&] { return static_cast<agate::NodeId>(random.below(nodes)); };
  for (int e = 0; e < edges; ++e) {
    const agate::NodeId source = node();
    list.push_back({source, node()});
    if (e % 5 == 0) list.push_back(list.back());
  }
  return list;
}

inline Edges complete_edges(agate::NodeId nodes) {
  Edges list;
  for (agate::NodeId i = 0; i < nodes; ++i)
    for (agate::NodeId j = i + 1; j < nodes; ++j) list.push_back({i, j});
  return list;
}

/// Who is linked to whom, loops left out, either way if `symmetric`.
inline Matrix linked(agate::NodeId nodes, const Edges& edges, bool symmetric) {
  Matrix a(nodes, std::vector<bool>(nodes, false));
  for (const auto [i, j] : edges) {
    if (i == j) continue;
    a[i][j] = true;
    if (symmetric) a[j][i] = true;
  }
  return a;
}

/// All pairs without a link, ascending: ordered, or those with i < j.
inline Edges non_edges(const Matrix& a, bool ordered) {
  Edges list;
  const auto n = static_cast<agate::NodeId>(a.size());
  for (agate::NodeId i = 0; i < n; ++i)
    for (agate::NodeId j = ordered ? 0 : i + 1; j < n; ++j)
      if (i != j && !a[i][j]) list.push_back({i, j});
  return list;
}

}  // namespace pairs
