#pragma once
// The part of a graph that an answer about one item hangs on.

#include <agate/data/dataset.hpp>
#include <agate/explain/item_explanation.hpp>
#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::explain {

// The nodes that the layers see, renumbered, and what the model is given of them.
struct ComputationGraph {
  data::Dataset part;        // prepared; without items, but for a graph itself
  std::vector<Index> nodes;  // of the whole, ascending
  std::vector<Index> edges;  // of the whole, for each edge of the part
  std::vector<bool> counts;  // per edge of the part: whether a message of it reaches the item
  std::vector<Index> seeds;  // of the part: the node, or the two ends; of a graph none
  std::vector<Edge> pair;    // tasks edge and link, of the part
  Index whole_nodes = 0;     // how many nodes the graph has, far ones too
  Tensor pair_attr;          // task edge
  std::vector<Index> counting() const;  // the edges of the part that count

  // With features `x`, which stand in for those of the part.
  models::Input input(Tape& tape, Features x) const;
  // The outputs about the item, 1 x outputs. The input came from input() on the same object.
  Var answer(const models::Model& model, const models::Input& input,
             std::vector<models::LayerAttention>* attention = nullptr) const;
};

// Throws what explain_item() says of items.
ComputationGraph computation_graph(const models::Model& model, const data::Dataset& dataset,
                                   Index item);

}  // namespace AGATE_NAMESPACE::explain
