#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/explain/attention_ranking.hpp>
#include <agate/models/label_input.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

// The messages of two neighbours into a node, and of the same two into another one.
struct Comparison {
  Index first[2], second[2];
};

// The message from `source` into `target`, -1 where there is none.
Index message(const Graph& graph, NodeId source, Index target) {
  const auto begin = graph.sources().begin() + graph.offsets()[target],
             end = graph.sources().begin() + graph.offsets()[target + 1];
  const auto found = std::lower_bound(begin, end, source);
  return found != end && *found == source ? found - graph.sources().begin() : -1;
}

std::vector<Comparison> draw(const Graph& graph, const std::vector<Index>& target_of,
                             const RankingOptions& options) {
  std::vector<Comparison> all;
  const Graph::BySource& by_source = graph.by_source();
  Random random(options.seed);
  const auto below = [&](Index n) {
    return static_cast<Index>(random.below(static_cast<std::uint64_t>(n)));
  };
  for (Index d = 0; d < options.draws && graph.num_messages() > 0; ++d) {
    const Index k = below(graph.num_messages()), i = target_of[static_cast<std::size_t>(k)];
    const Index other = graph.offsets()[i] + below(graph.in_degree(i));
    const NodeId j = graph.sources()[k], j2 = graph.sources()[other];
    const Index degree = by_source.offsets[j + 1] - by_source.offsets[j];
    const Index i2 =
        by_source.targets[static_cast<std::size_t>(by_source.offsets[j] + below(degree))];
    if (j == j2 || i == i2 || j == i || j2 == i || j == i2 || j2 == i2) continue;
    const Index k2 = message(graph, j, i2), other2 = message(graph, j2, i2);
    if (other2 >= 0) all.push_back({{k, other}, {k2, other2}});
  }
  return all;
}

// 1 or -1: which of two weights is larger; 0: neither.
int order(double a, double b) {
  if (std::abs(a - b) <= 1e-3 * std::max(a, b)) return 0;
  return a > b ? 1 : -1;
}

}  // namespace

std::vector<AttentionRanking> attention_ranking(const models::Model& model,
                                                const data::Dataset& dataset,
                                                const RankingOptions& options) {
  check(options.draws >= 1, ErrorCode::value, "attention_ranking: draws = ", options.draws,
        ", expected at least 1");
  Tape tape({.record = false, .threads = options.threads});
  std::vector<models::LayerAttention> layers;
  model.embed(models::input_of(tape, models::prepare(model, dataset)), &layers);
  std::vector<AttentionRanking> all;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto& [graph, weights] = layers[l];
    std::vector<Index> target_of(static_cast<std::size_t>(graph.num_messages()));
    for (Index i = 0; i < graph.num_targets(); ++i)
      std::fill(target_of.begin() + graph.offsets()[i], target_of.begin() + graph.offsets()[i + 1],
                i);
    const auto comparisons = draw(graph, target_of, options);
    for (Index h = 0; h < weights.cols(); ++h) {
      AttentionRanking r{static_cast<Index>(l), h};
      for (const Comparison& c : comparisons) {
        const int here = order(weights.row(c.first[0])[h], weights.row(c.first[1])[h]);
        const int there = order(weights.row(c.second[0])[h], weights.row(c.second[1])[h]);
        if (here == 0 || there == 0) continue;
        ++r.compared;
        r.differing += here != there;
      }
      all.push_back(r);
    }
  }
  return all;
}

}  // namespace AGATE_NAMESPACE::explain
