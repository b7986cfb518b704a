#pragma once
/// \file
/// Scores of how likely two nodes are linked that need no training: what every learned link
/// predictor has to beat (Liben-Nowell and Kleinberg, "The link-prediction problem for social
/// networks", JASIST 2007).

#include <agate/graph/graph.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE {

/// Of the heuristic katz.
struct KatzOptions {
  double beta = 0.005;  ///< what each further step is worth; above 0
  int max_length = 3;   ///< longer walks do not count; at least 1
};

/// With N(i) the neighbors() of i, and d(z) = |N(z)|:
///   common_neighbors      |N(i) and N(j)|
///   adamic_adar           sum over the common neighbours z of 1 / log d(z), nothing for d(z) = 1
///   resource_allocation   sum over the common neighbours z of 1 / d(z)
///   katz                  sum over l = 1 .. max_length of beta^l * (walks of l steps from i to j):
///                         the truncated sum, exact up to its last term, not the limit.
const std::vector<std::string>& link_heuristic_names();

/// The score of each pair by the heuristic `name`, higher where a link is likelier. Edges count
/// whichever way they run, duplicates once, loops not at all. Only katz looks at the edge between
/// the two nodes itself, where there is one: hide it from the graph when it is asked for.
///
/// Memory is linear in the graph (katz: for each thread). Does not depend on the number of threads.
/// Error(usage) for an unknown name, Error(shape) for a pair with a node that does not exist,
/// Error(value) for options out of range, Error(unsupported) for a bipartite graph.
std::vector<double> link_heuristic(const std::string& name, const Graph& graph,
                                   std::span<const Edge> pairs, int threads = 0,
                                   KatzOptions katz = {});

}  // namespace AGATE_NAMESPACE
