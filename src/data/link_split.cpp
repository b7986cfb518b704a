#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/link_split.hpp>
#include <agate/graph/edges.hpp>
#include <agate/graph/negative_edges.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace AGATE_NAMESPACE::data {
namespace {

// Apart from the streams that initialise weights and that split nodes.
constexpr std::uint32_t link_stream = 0x5EED6, negative_stream = 0x5EED7;

/// The edges between two nodes, those of one pair of nodes side by side, by id.
std::vector<Index> order_by_pair(const std::vector<Edge>& edges) {
  std::vector<Index> order;
  for (Index e = 0; e < std::ssize(edges); ++e)
    if (edges[e].source != edges[e].target) order.push_back(e);
  std::ranges::stable_sort(order, {}, [&](Index e) {
    return std::pair<NodeId, NodeId>(std::minmax(edges[e].source, edges[e].target));
  });
  return order;
}

/// The ids of the edges of each linked pair of nodes.
std::vector<std::span<const Index>> linked_pairs(const std::vector<Edge>& edges,
                                                 const std::vector<Index>& order) {
  const auto same = [&](Index a, Index b) {
    return edges[a] == edges[b] || edges[a] == Edge{edges[b].target, edges[b].source};
  };
  std::vector<std::span<const Index>> pairs;
  for (std::size_t begin = 0, at = 1; at <= order.size(); ++at) {
    if (at < order.size() && same(order[begin], order[at])) continue;
    pairs.push_back(std::span(order).subspan(begin, at - begin));
    begin = at;
  }
  return pairs;
}

/// How many pairs of `all` are training, validation and test pairs.
std::array<Index, 3> sizes(Index all, double val, double test) {
  check(val >= 0 && test >= 0 && val + test < 1, ErrorCode::value, "split_links: val = ", val,
        ", test = ", test, ", expected shares of at least 0 that leave edges to train on");
  const auto n = static_cast<double>(all);
  const Index a = std::llround(val * n), b = std::llround((val + test) * n);
  check(b < all, ErrorCode::value, "split_links: val = ", val, ", test = ", test,
        " leave none of the ", all, " linked pairs to train on");
  check((val == 0 || a > 0) && (test == 0 || b > a), ErrorCode::value, "split_links: val = ", val,
        ", test = ", test, " of ", all, " linked pairs are ", a, " and ", b - a,
        " pairs, expected at least 1 each");
  return {all - b, a, b - a};
}

}  // namespace

LinkSplit split_links(const Graph& graph, double val, double test, std::uint64_t seed) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "split_links: the graph is bipartite, expected one set of nodes");
  const auto edges = edge_list(graph);
  const auto order = order_by_pair(edges);
  auto pairs = linked_pairs(edges, order);
  const auto size = sizes(std::ssize(pairs), val, test);
  Random(seed, link_stream).shuffle(std::span(pairs));

  enum : std::uint8_t { training, validation, testing };
  std::vector<std::uint8_t> part(edges.size(), training), is_link(edges.size(), 0);
  for (Index k = 0; k < std::ssize(pairs); ++k) {
    std::array<bool, 2> seen{};
    for (const Index e : pairs[k]) {
      part[e] = k < size[1] ? validation : k < size[1] + size[2] ? testing : training;
      bool& known = seen[!graph.is_undirected() && edges[e].source > edges[e].target];
      is_link[e] = !std::exchange(known, true);
    }
  }

  LinkSplit split;
  for (Index e = 0; e < std::ssize(edges); ++e) {
    if (part[e] == training) split.message_edges.push_back(e);
    auto& links = part[e] == training     ? split.train
                  : part[e] == validation ? split.val
                                          : split.test;
    if (is_link[e]) links.push_back(edges[e]);
  }
  split.message_graph = keep_edges(graph, split.message_edges);
  Random random(seed, negative_stream);
  const auto negatives = draw_negative_edges(graph, std::ssize(split.val) + std::ssize(split.test),
                                             random, {.directed = !graph.is_undirected()});
  const auto border = negatives.begin() + std::ssize(split.val);
  split.val_negatives.assign(negatives.begin(), border);
  split.test_negatives.assign(border, negatives.end());
  return split;
}

}  // namespace AGATE_NAMESPACE::data
