#include <agate/data/split.hpp>
#include <agate/graph/link_heuristics.hpp>
#include <agate/train/baselines.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

/// What is known of a label: a column for each class, or the columns of targets.
Index label_width(const data::Dataset& d) {
  return d.targets.empty() ? d.num_classes() : d.targets.cols();
}

Real label_value(const data::Dataset& d, Index item, Index column) {
  if (d.targets.empty()) return d.y[static_cast<std::size_t>(item)] == column ? Real(1) : Real(0);
  return d.targets.row(item)[column];
}

/// Means of a label over edges: of all, of those that each node gives, and of those it receives.
struct Means {
  std::vector<double> given, received, given_count, received_count;
  double overall = 0;

  Means(const data::Dataset& d, const std::vector<Index>& items, Index column)
      : given(nodes(d)), received(nodes(d)), given_count(nodes(d)), received_count(nodes(d)) {
    double count = 0;
    for (Index item : items) {
      const double value = label_value(d, item, column);
      if (std::isnan(value)) continue;
      const auto& [source, target] = d.pairs[static_cast<std::size_t>(item)];
      given[source] += value, ++given_count[source];
      received[target] += value, ++received_count[target];
      overall += value, ++count;
    }
    if (count > 0) overall /= count;
  }
  double of(const Edge& e) const {
    return ((given[e.source] + overall) / (given_count[e.source] + 1) +
            (received[e.target] + overall) / (received_count[e.target] + 1)) /
           2;
  }

 private:
  static std::size_t nodes(const data::Dataset& d) {
    return static_cast<std::size_t>(d.num_nodes());
  }
};

Baseline mean_label(const data::Dataset& d, const data::Split& split) {
  Tensor outputs = Tensor::uninitialized({d.num_items(), label_width(d)});
  // In time, the labels of the validation part are known to who is tested.
  auto known = split.train;
  if (data::follow_in_time(d, split)) known.insert(known.end(), split.val.begin(), split.val.end());
  std::vector<bool> tested(static_cast<std::size_t>(d.num_items()));
  for (const Index item : split.test) tested[static_cast<std::size_t>(item)] = true;
  for (Index c = 0; c < outputs.cols(); ++c) {
    const Means means(d, split.train, c), later(d, known, c);
    for (Index item = 0; item < d.num_items(); ++item) {
      const Means& of_others = tested[static_cast<std::size_t>(item)] ? later : means;
      const double p = of_others.of(d.pairs[static_cast<std::size_t>(item)]);
      const double likely = std::min(std::max(p, 1e-9), 1 - 1e-9);
      // Shares become the logits that a model would give.
      outputs.row(item)[c] =
          static_cast<Real>(d.regression        ? p
                            : d.targets.empty() ? std::log(likely)
                                                : std::log(likely / (1 - likely)));
    }
  }
  return {"mean_label", std::move(outputs)};
}

}  // namespace

std::vector<Baseline> baselines(const data::Dataset& d, const data::Split& split, int threads) {
  std::vector<Baseline> all;
  if (d.task == data::Task::edge) all.push_back(mean_label(d, split));
  if (d.task != data::Task::link) return all;
  for (const std::string& name : link_heuristic_names()) {
    Tensor outputs = Tensor::uninitialized({d.num_items(), 1});
    const auto scores = link_heuristic(name, d.graph, d.pairs, threads);
    for (Index i = 0; i < outputs.rows(); ++i)
      *outputs.row(i) = static_cast<Real>(scores[static_cast<std::size_t>(i)]);
    all.push_back({name, std::move(outputs)});
  }
  return all;
}

}  // namespace AGATE_NAMESPACE::train
