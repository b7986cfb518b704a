#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/graph/top_links.hpp>
#include <algorithm>
#include <mutex>
#include <tuple>

namespace AGATE_NAMESPACE {
namespace {

constexpr Index block_size = 1 << 16;

/// A strict order, so that the best k are the same in whatever order the links are offered.
bool is_better(const ScoredLink& a, const ScoredLink& b) {
  if (a.score != b.score) return a.score > b.score;
  return std::tie(a.pair.source, a.pair.target) < std::tie(b.pair.source, b.pair.target);
}

/// The best k of what is offered: a heap with the worst of them on top.
class Best {
 public:
  explicit Best(Index k) : k_(static_cast<std::size_t>(k)) {}

  void offer(const ScoredLink& link) {
    if (links_.size() == k_) {
      if (k_ == 0 || !is_better(link, links_.front())) return;
      std::ranges::pop_heap(links_, is_better);
      links_.pop_back();
    }
    links_.push_back(link);
    std::ranges::push_heap(links_, is_better);
  }
  void offer_all(const Best& other) {
    for (const ScoredLink& link : other.links_) offer(link);
  }
  std::vector<ScoredLink> take() {
    std::ranges::sort(links_, is_better);
    return std::move(links_);
  }

 private:
  std::size_t k_;
  std::vector<ScoredLink> links_;
};

/// Scores `pairs` and calls offer(link) for each.
template <class Offer>
void score_block(std::span<const Edge> pairs, const PairScorer& score, Offer offer) {
  if (pairs.empty()) return;
  std::vector<double> scores(pairs.size());
  score(pairs, scores.data());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    check(scores[p] == scores[p], ErrorCode::value, "top_new_links: the score of the pair ",
          pairs[p].source, ", ", pairs[p].target, " is NaN");
    offer(ScoredLink{pairs[p], scores[p]});
  }
}

void check_count(Index k) {
  check(k >= 0, ErrorCode::value, "top_new_links: k = ", k, ", expected 0 or more");
}

const Neighbors& linked_nodes(const Graph& graph, const TopLinksOptions& options) {
  return options.directed ? successors(graph) : neighbors(graph);
}

/// The best links of the nodes begin .. end - 1 into best[begin ...].
void search(const Neighbors& linked, Index begin, Index end, const PairScorer& score, Best* best) {
  const Index n = std::ssize(linked.offsets) - 1;
  std::vector<Edge> block;
  const auto flush = [&] {
    score_block(block, score,
                [&](const ScoredLink& link) { best[link.pair.source - begin].offer(link); });
    block.clear();
  };
  for (Index i = begin; i < end; ++i) {
    const auto taken = linked.of(i);
    auto at = taken.begin();
    for (Index j = 0; j < n; ++j) {
      if (at != taken.end() && *at == j) {
        ++at;
      } else if (j != i) {
        block.push_back({static_cast<NodeId>(i), static_cast<NodeId>(j)});
        if (std::ssize(block) == block_size) flush();
      }
    }
  }
  flush();
}

}  // namespace

std::vector<ScoredLink> top_new_links(const Graph& graph, Index k, const PairScorer& score,
                                      const TopLinksOptions& options) {
  check_count(k);
  const NonEdges all(graph, {.directed = options.directed});
  Best best(k);
  std::mutex mutex;
  parallel_for(options.threads, k > 0 ? all.size() : 0, block_size, [&](Index begin, Index end) {
    std::vector<Edge> pairs(static_cast<std::size_t>(end - begin));
    all.copy(begin, end, pairs.data());
    Best of_block(k);
    score_block(pairs, score, [&](const ScoredLink& link) { of_block.offer(link); });
    std::lock_guard lock(mutex);
    best.offer_all(of_block);
  });
  return best.take();
}

std::vector<ScoredLink> top_new_links_of(const Graph& graph, NodeId node, Index k,
                                         const PairScorer& score, const TopLinksOptions& options) {
  check_count(k);
  check(node >= 0 && node < graph.num_nodes(), ErrorCode::shape, "top_new_links_of: node ", node,
        ", there are ", graph.num_nodes());
  Best best(k);
  search(linked_nodes(graph, options), node, node + Index{1}, score, &best);
  return best.take();
}

std::vector<std::vector<ScoredLink>> top_new_links_of_each(const Graph& graph, Index k,
                                                           const PairScorer& score,
                                                           const TopLinksOptions& options) {
  check_count(k);
  const Index n = graph.num_nodes();
  const Neighbors& linked = linked_nodes(graph, options);
  std::vector<std::vector<ScoredLink>> links(static_cast<std::size_t>(n));
  // As many nodes at a time as fill a block with their pairs.
  const Index grain = std::max<Index>(1, block_size / std::max<Index>(1, n));
  parallel_for(options.threads, n, grain, [&](Index begin, Index end) {
    std::vector<Best> best(static_cast<std::size_t>(end - begin), Best(k));
    search(linked, begin, end, score, best.data());
    for (Index i = begin; i < end; ++i) links[i] = best[i - begin].take();
  });
  return links;
}

}  // namespace AGATE_NAMESPACE
