#pragma once
/// \file
/// Nodes that message passing cannot tell apart, by colour refinement (Weisfeiler and Leman 1968).

#include <agate/data/dataset.hpp>
#include <optional>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// A dataset with one node for each class of nodes that are alike.
struct Refined {
  /// Graph, x and edge_attr alone: node c is one of class c, with all edges that enter it, each
  /// from the class of its source. As many graphs as one, without items.
  Dataset classes;
  std::vector<Index> class_of;  ///< for each node of the whole
};

/// Two nodes are alike after 0 rounds when their features are the same, after one more when they
/// were alike and as many like neighbours sent them messages along edges of the same features.
/// Layers that look at a node and the messages it receives, and nothing else, make the same of
/// nodes alike after as many rounds as there are layers: running them on the classes and giving
/// each node what its class has is exact, but for the order of sums (exact compression: Bollen,
/// Steegmans, Van den Bussche, Vansummeren 2023). Molecules repeat themselves so much that of the
/// atoms of Tox21, 900 molecules at a time, an eighth is left after one round and two fifths after
/// two. Nothing where more than `most` of the nodes would be left, and for graphs with loops that
/// the library added.
std::optional<Refined> refine(const Dataset& dataset, Index rounds, double most = 0.7);

/// The same for each of so many layers, of which the first tells fewer nodes apart than the last:
/// element l holds the classes after l + 1 rounds, and class_of of the nodes of element l + 1, the
/// last one of those of the dataset. Nothing where the last would hold more than `most` of them.
std::vector<Refined> refine_layers(const Dataset& dataset, Index layers, double most = 0.7);

}  // namespace AGATE_NAMESPACE::data
