#pragma once
/// \file
/// The likeliest new links: the best of all pairs of nodes without an edge by any score, without
/// ever holding all scores.

#include <agate/graph/non_edges.hpp>
#include <functional>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// A pair of nodes and how likely it is linked, as the scorer has it.
struct ScoredLink {
  Edge pair;
  double score = 0;
  bool operator==(const ScoredLink&) const = default;
};

/// Writes the score of each pair, higher where a link is likelier. It is called with at most 65,536
/// pairs at a time, by up to TopLinksOptions::threads threads at once.
using PairScorer = std::function<void(std::span<const Edge> pairs, double* scores)>;

/// Which pairs are looked at, and by how many threads.
struct TopLinksOptions {
  bool directed = false;  ///< of the pairs, as in NonEdgeOptions
  int threads = 0;        ///< 1: the scorer is called by the calling thread alone
};

// All return at most k links, fewer where there are fewer pairs, from the highest score to the
// lowest and among equal scores by their ids. They do not depend on the number of threads, as long
// as the scores do not depend on the block of pairs. Memory: the links returned, beside a block of
// pairs for each thread. Error(value) for k below 0 and for a score that is NaN, Error(unsupported)
// for a bipartite graph.

/// The best of all NonEdges.
std::vector<ScoredLink> top_new_links(const Graph& graph, Index k, const PairScorer& score,
                                      const TopLinksOptions& options = {});

/// The best of the pairs {node, j} without an edge between them; with options.directed without one
/// from node to j. Error(shape) for a node that does not exist.
std::vector<ScoredLink> top_new_links_of(const Graph& graph, NodeId node, Index k,
                                         const PairScorer& score,
                                         const TopLinksOptions& options = {});

/// The same for every node.
std::vector<std::vector<ScoredLink>> top_new_links_of_each(const Graph& graph, Index k,
                                                           const PairScorer& score,
                                                           const TopLinksOptions& options = {});

}  // namespace AGATE_NAMESPACE
