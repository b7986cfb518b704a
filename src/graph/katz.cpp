#include "graph/katz.hpp"

#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace AGATE_NAMESPACE {
namespace {

/// How many walks of a length lead from one node to each other one. What is not zero is listed, so
/// that a short walk in a large graph costs what it touches.
class Walks {
 public:
  explicit Walks(std::size_t nodes) : counts_(nodes, 0), next_(nodes, 0) {}

  void start(NodeId node) {
    clear();
    counts_[node] = 1;
    touched_.push_back(node);
  }
  void step(const Neighbors& linked) {
    std::vector<NodeId> reached;
    for (const NodeId node : touched_)
      for (const NodeId to : linked.of(node)) {
        if (next_[to] == 0) reached.push_back(to);
        next_[to] += counts_[node];
      }
    clear();
    counts_.swap(next_);
    touched_ = std::move(reached);
  }
  /// Walks that are one step longer, to `node`.
  double one_step_more(const Neighbors& linked, NodeId node) const {
    double sum = 0;
    for (const NodeId before : linked.of(node)) sum += counts_[before];
    return sum;
  }

 private:
  void clear() {
    for (const NodeId node : touched_) counts_[node] = 0;
    touched_.clear();
  }
  std::vector<double> counts_, next_;
  std::vector<NodeId> touched_;
};

}  // namespace

std::vector<double> katz_scores(const Neighbors& linked, std::span<const Edge> pairs,
                                const KatzOptions& options, int threads) {
  check(options.beta > 0 && std::isfinite(options.beta) && options.max_length >= 1,
        ErrorCode::value, "katz: beta = ", options.beta, ", max_length = ", options.max_length,
        ", expected beta above 0 and max_length at least 1");
  // The walks from a node serve all pairs that start there.
  std::vector<Index> order(pairs.size()), firsts;
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, {}, [&](Index p) { return pairs[p].source; });
  for (Index k = 0; k < std::ssize(order); ++k)
    if (k == 0 || pairs[order[k - 1]].source != pairs[order[k]].source) firsts.push_back(k);
  firsts.push_back(std::ssize(order));

  std::vector<double> scores(pairs.size(), 0);
  parallel_for(threads, std::ssize(firsts) - 1, 64, [&](Index begin, Index end) {
    Walks walks(linked.offsets.size() - 1);
    for (Index g = begin; g < end; ++g) {
      walks.start(pairs[order[firsts[g]]].source);
      double worth = options.beta;
      for (int length = 1;; ++length, worth *= options.beta) {
        for (Index k = firsts[g]; k < firsts[g + 1]; ++k)
          scores[order[k]] += worth * walks.one_step_more(linked, pairs[order[k]].target);
        if (length == options.max_length) break;
        walks.step(linked);
      }
    }
  });
  return scores;
}

}  // namespace AGATE_NAMESPACE
