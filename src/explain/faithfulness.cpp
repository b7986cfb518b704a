#include <agate/core/error.hpp>
#include <agate/explain/item_explanation.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "explain/answer.hpp"
#include "explain/computation_graph.hpp"
#include "explain/learned_mask.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

// Positions of the explanation's edges, those of the greatest scores first.
std::vector<std::size_t> ranked(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::abs(scores[a]) > std::abs(scores[b]);
  });
  return order;
}

// The class, or the label in column c, that a row of outputs says.
int decision(const data::Dataset& d, const Tensor& y, Index c) {
  if (!d.targets.empty() || y.cols() == 1) return y.row(0)[c] > 0;
  return static_cast<int>(std::max_element(y.row(0), y.row(0) + y.cols()) - y.row(0));
}

// What is known of the item, -1: nothing.
int truth(const data::Dataset& d, Index item, Index c) {
  if (!d.targets.empty()) {
    const Real t = d.targets.row(item)[c];
    return std::isnan(t) ? -1 : t > 0;
  }
  return d.y.empty() ? -1 : d.y[static_cast<std::size_t>(item)];
}

}  // namespace

Faithfulness faithfulness(const models::Model& model, const data::Dataset& dataset,
                          const ItemExplanation& e, double share, int threads) {
  check(share > 0 && share < 1, ErrorCode::value, "faithfulness: share ", share,
        ", expected more than 0 and less than 1");
  const ComputationGraph graph = computation_graph(model, dataset, e.item);
  const auto counting = graph.counting();
  const bool fits = e.edge_scores.size() == counting.size() && e.edges.size() == counting.size() &&
                    e.output >= 0 && e.output < model.config().out;
  check(fits, ErrorCode::shape, "faithfulness: an explanation of ", e.edges.size(), " edges and ",
        e.edge_scores.size(), " scores for output ", e.output, ", expected ", counting.size(),
        " and an output below ", model.config().out);
  Faithfulness f;
  if (counting.empty()) return f;
  const auto n = std::ssize(counting);
  f.kept = std::clamp<Index>(std::lround(share * static_cast<double>(n)), 1, n);
  f.sparsity = 1 - static_cast<double>(f.kept) / static_cast<double>(n);
  const auto order = ranked(e.edge_scores);
  auto said = [&](Real of_first, Real of_others) {
    Tensor weights = Tensor::full({n, 1}, of_others);
    for (Index k = 0; k < f.kept; ++k)
      weights.data()[order[static_cast<std::size_t>(k)]] = of_first;
    Tape tape({.record = false, .threads = threads});
    models::Input input = graph.input(tape, Features(tape, graph.part.x));
    input.message_weights = message_weights(graph, tape.constant(weights));
    return graph.answer(model, input).value().clone();
  };
  const Tensor whole = said(1, 1), without = said(0, 1), alone = said(1, 0);
  auto scaled = [&](const Tensor& y) {
    return on_scale(dataset, answer(dataset, y.row(0), y.cols(), e.output, nullptr));
  };
  f.plus = std::abs(scaled(whole) - scaled(without));
  f.minus = std::abs(scaled(whole) - scaled(alone));
  if (dataset.regression) {
    f.plus_label = f.minus_label = std::numeric_limits<double>::quiet_NaN();
    return f;
  }
  const int known = truth(dataset, e.item, e.output);
  const int right = known < 0 ? decision(dataset, whole, e.output) : known;
  auto hit = [&](const Tensor& y) { return decision(dataset, y, e.output) == right ? 1.0 : 0.0; };
  f.plus_label = std::abs(hit(whole) - hit(without));
  f.minus_label = std::abs(hit(whole) - hit(alone));
  return f;
}

}  // namespace AGATE_NAMESPACE::explain
