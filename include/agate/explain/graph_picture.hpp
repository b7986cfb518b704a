#pragma once
/// \file
/// A picture of a graph: nodes coloured by class, as SVG.

#include <agate/data/dataset.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// Colours, texts and size of a picture of a graph.
struct PictureOptions {
  std::vector<int> predicted = {};  ///< class of each node, -1 = grey; empty: the true classes
  std::vector<Index> wrong = {};    ///< nodes to ring, in any order
  std::string title = {}, subtitle = {};
  int width = 1200, height = 900;  ///< pixels, each 200 to 10,000
  std::uint64_t seed = 0;          ///< of the layout
};

/// What a picture can show.
constexpr Index most_picture_nodes = 20'000;
/// What a picture can show of edges.
constexpr Index most_picture_links = 2'000'000;
/// Of more links than this a random choice is drawn, and the picture says so.
constexpr Index most_drawn_links = 60'000;

/// A standalone SVG document, also fit to stand inside HTML: title, legend of classes with their
/// counts, links thin and translucent under the nodes, nodes sized by degree. The largest
/// connected component is drawn large (force-directed layout), smaller ones are packed below it,
/// nodes without edges stand in rows at the bottom with a caption. Up to 60 nodes carry their
/// names; in a viewer every node shows its name and class under the pointer. Direction, loops and
/// duplicates of edges are not shown. The colours can be told apart by colour-blind people (Okabe
/// & Ito 2008), with varied lightness beyond eight classes.
///
/// The same input gives the same text. Text is escaped; what XML cannot hold is left out.
/// Error(limit) for a graph beyond the limits above; Error(shape) when the parts of the dataset,
/// `predicted` or `wrong` do not fit the graph; Error(value) for a width or height out of range;
/// Error(unsupported) for a bipartite graph.
std::string graph_picture_svg(const data::Dataset& dataset, const PictureOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
