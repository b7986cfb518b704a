#pragma once
/// \file
/// Graphs with planted motifs, of which it is known what an explanation has to find: BA-Shapes and
/// Tree-Cycles of Ying, Bourgeois, You, Zitnik, Leskovec, "GNNExplainer: Generating Explanations
/// for Graph Neural Networks", NeurIPS 2019.

#include <agate/data/dataset.hpp>

namespace AGATE_NAMESPACE::data {

/// A dataset of nodes, and which motif each node and edge belongs to.
struct MotifDataset {
  Dataset dataset;                ///< undirected; what a node is in its motif is to be told
  std::vector<Index> node_motif;  ///< which motif a node belongs to; -1: to none
  std::vector<Index> edge_motif;  ///< the same of each edge
};

/// A graph of 300 nodes that grew by preferential attachment (Barabasi and Albert 1999), 5 edges a
/// node, to nodes of which `motifs` houses are hung by an edge each: a square whose upper corners
/// are linked to a roof. Then a tenth as many random edges as there are nodes. Classes: base,
/// middle (the upper corners), bottom, roof. With the paper's 80 houses 700 nodes.
///
/// All features are 1 (10 columns), so that the shape of the graph alone tells. The split of its
/// own draws 80, 10 and 10 per cent of the nodes. The same on every machine. Error(value) unless 1
/// <= motifs <= 300.
MotifDataset ba_shapes(int motifs = 80);

/// A balanced binary tree of 8 levels below the root (511 nodes), to nodes of which `motifs` rings
/// of six nodes are hung by an edge each. Classes: base, ring. Features, split and errors as above,
/// with at most 511 motifs.
MotifDataset tree_cycle(int motifs = 80);

}  // namespace AGATE_NAMESPACE::data
