#pragma once
// Where the nodes of a graph stand in a picture: the largest component large, the others packed
// below it, nodes without edges in rows at the bottom.

#include <agate/core/config.hpp>
#include <agate/graph/graph.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::explain {

struct Place {
  double x = 0, y = 0;
};

struct Area {
  double left = 0, top = 0, width = 0, height = 0;
};

// Who is linked to whom: both directions, no loops, no duplicates; as in Graph, CSR.
struct Links {
  std::vector<Index> offsets{0};
  std::vector<NodeId> ends;

  Index num_nodes() const { return static_cast<Index>(offsets.size()) - 1; }
  Index num_pairs() const { return static_cast<Index>(ends.size()) / 2; }
  std::span<const NodeId> of(Index i) const {
    const auto begin = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i)]);
    const auto end = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i) + 1]);
    return std::span(ends).subspan(begin, end - begin);
  }
};
Links links_of(const Graph& graph);

struct LayoutOptions {
  Area area;                   // pixels
  std::span<const int> group;  // per node: nodes without edges stand in rows sorted by it
  double label_width = 0;      // of the names beside nodes, 0: none
  std::uint64_t seed = 0;
};

struct Layout {
  std::vector<Place> places;  // pixels
  std::vector<double> radii;
  Index isolated = 0;       // how many nodes have no edges
  double isolated_top = 0;  // the upper end of their rows; their caption belongs above it
};

// The same options give the same layout. Takes O(n log n) per step of a few hundred steps.
Layout lay_out(const Links& links, const LayoutOptions& options);

constexpr double caption_height = 24;  // what lay_out leaves free above isolated_top

}  // namespace AGATE_NAMESPACE::explain
