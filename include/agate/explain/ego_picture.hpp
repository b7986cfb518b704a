#pragma once
/// \file
/// A picture of what an answer about one node, one pair of nodes or one graph hangs on, as SVG.

#include <agate/explain/item_explanation.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// Colours, texts and size of a picture of an explanation.
struct EgoPictureOptions {
  std::vector<int> classes = {};  ///< class of each node of the dataset, -1 = grey; empty: all grey
  std::string title = {}, subtitle = {};
  Index most_nodes = 60;  ///< beyond it the nodes that the strongest edges lead to; 2 to 400
  int width = 1000, height = 800;  ///< pixels, each 300 to 10,000
  std::uint64_t seed = 0;          ///< of the layout
};

/// A standalone SVG document, also fit to stand inside HTML: the nodes and edges of `explanation`,
/// nodes in the colour of their class, the node explained, or the two, with a black ring. An edge
/// is the wider and darker the more the answer hangs on it; where scores have signs, orange ones
/// speak for it and blue ones against it. Edges between the same two nodes are one line with the
/// strongest of their scores. Names stand beside their nodes as far as they cover neither nodes
/// nor each other, those of the strongest edges first; in a viewer every node and line says its own
/// under the pointer. Where nodes are left out the picture says how many.
///
/// The same input gives the same text. Text is escaped; what XML cannot hold is left out.
/// Error(shape) when explanation or classes do not fit the dataset, Error(value) for options out of
/// range.
std::string ego_picture_svg(const data::Dataset& dataset, const ItemExplanation& explanation,
                            const EgoPictureOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
