#pragma once
/// \file
/// The pixels of an image as nodes.

#include <agate/graph/graph.hpp>
#include <vector>

namespace AGATE_NAMESPACE {

/// Each pair of neighbours once, from the node with the lower number; node row * width + column,
/// edges by ascending source and then target. With options.diagonal pixels that touch at a corner
/// are neighbours too (8 of each inner pixel, otherwise 4). Error(shape) for a negative size,
/// Error(limit) for more than 2^31 - 1 pixels.
std::vector<Edge> grid_edges(Index height, Index width, GridOptions options = {});

}  // namespace AGATE_NAMESPACE
