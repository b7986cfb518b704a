#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/core/parallel.hpp>
#include <agate/graph/link_heuristics.hpp>
#include <algorithm>

#include "graph/katz.hpp"
#include "graph/shared.hpp"

namespace AGATE_NAMESPACE {
namespace {

std::vector<double> sum_shared(const Neighbors& linked, std::span<const Edge> pairs,
                               NeighborWeight weight, int threads) {
  const auto weights = node_weights(linked, weight);
  std::vector<double> scores(pairs.size(), 0);
  parallel_for(threads, std::ssize(pairs), 1 << 10, [&](Index begin, Index end) {
    for (Index p = begin; p < end; ++p)
      for_shared(linked.of(pairs[p].source), linked.of(pairs[p].target),
                 [&](NodeId node) { scores[p] += weights[node]; });
  });
  return scores;
}

}  // namespace

const std::vector<std::string>& link_heuristic_names() {
  static const std::vector<std::string> names{"common_neighbors", "adamic_adar",
                                              "resource_allocation", "katz"};
  return names;
}

std::vector<double> link_heuristic(const std::string& name, const Graph& graph,
                                   std::span<const Edge> pairs, int threads, KatzOptions katz) {
  const auto& names = link_heuristic_names();
  check(std::ranges::find(names, name) != names.end(), ErrorCode::usage, "link heuristic \"", name,
        "\" is not known", suggestion(name, names));
  const Neighbors& linked = neighbors(graph);
  check_pairs(name.c_str(), graph, pairs);
  if (name == "katz") return katz_scores(linked, pairs, katz, threads);
  const auto weight = name == "adamic_adar"           ? NeighborWeight::inverse_log_degree
                      : name == "resource_allocation" ? NeighborWeight::inverse_degree
                                                      : NeighborWeight::one;
  return sum_shared(linked, pairs, weight, threads);
}

}  // namespace AGATE_NAMESPACE
