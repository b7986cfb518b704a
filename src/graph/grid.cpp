#include <agate/core/error.hpp>
#include <agate/graph/grid.hpp>
#include <limits>

namespace AGATE_NAMESPACE {

std::vector<Edge> grid_edges(Index height, Index width, GridOptions options) {
  check(height >= 0 && width >= 0, ErrorCode::shape, "Graph::grid: ", height, " x ", width,
        " pixels");
  check(checked_product(height, width, "Graph::grid") <= std::numeric_limits<NodeId>::max(),
        ErrorCode::limit, "Graph::grid: ", height, " x ", width,
        " pixels, at most 2^31 - 1 are supported");
  std::vector<Edge> edges;
  edges.reserve(static_cast<std::size_t>((options.diagonal ? 4 : 2) * height * width));
  for (Index row = 0; row < height; ++row)
    for (Index column = 0; column < width; ++column) {
      const auto link = [&](Index down, Index right) {
        const Index r = row + down, c = column + right;
        if (r == height || c < 0 || c == width) return;
        edges.push_back(
            {static_cast<NodeId>(row * width + column), static_cast<NodeId>(r * width + c)});
      };
      link(0, 1);
      if (options.diagonal) link(1, -1);
      link(1, 0);
      if (options.diagonal) link(1, 1);
    }
  return edges;
}

Graph Graph::grid(Index height, Index width, GridOptions options) {
  const auto edges = grid_edges(height, width, options);
  return from_edges(height * width, edges, {.undirected = true});
}

}  // namespace AGATE_NAMESPACE
