#pragma once
// Which nodes and lines a picture of an explanation shows.

#include <agate/explain/item_explanation.hpp>

namespace AGATE_NAMESPACE::explain {

struct EgoLine {
  std::size_t a, b;  // positions in EgoView::nodes
  double score;      // the strongest of the edges between them
  Index edge;        // the one that has it
};

struct EgoView {
  std::vector<Index> nodes;   // of the dataset; those explained first, then by the strongest edge
  std::size_t explained = 0;  // how many of them; 0: the graph as a whole
  std::vector<EgoLine> lines{};  // the strongest last
  std::size_t all_nodes = 0, all_lines = 0;
};

// From the explained nodes, or the strongest edge of a graph, along the strongest edges, at most
// `most` nodes.
EgoView ego_view(const data::Dataset& dataset, const ItemExplanation& explanation, Index most);

}  // namespace AGATE_NAMESPACE::explain
