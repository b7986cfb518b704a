#include <agate/core/error.hpp>
#include <agate/graph/edges.hpp>
#include <agate/graph/negative_edges.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "train/passes.hpp"
#include "train/shown_labels.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

std::pair<NodeId, NodeId> unordered(const Edge& e) { return std::minmax(e.source, e.target); }

/// The ids of the edges that are not between the two nodes of any of the pairs.
std::vector<Index> edges_without(const std::vector<Edge>& edges, const std::vector<Edge>& pairs) {
  std::vector<std::pair<NodeId, NodeId>> hidden;
  for (const Edge& pair : pairs) hidden.push_back(unordered(pair));
  std::ranges::sort(hidden);
  std::vector<Index> kept;
  for (std::size_t e = 0; e < edges.size(); ++e)
    if (!std::ranges::binary_search(hidden, unordered(edges[e])))
      kept.push_back(static_cast<Index>(e));
  return kept;
}

/// Pairs of nodes of one graph, some at a time or all at once.
class PairPasses : public Passes {
 public:
  PairPasses(const models::Model& model, const data::Dataset& dataset, const data::Split& split,
             const Objective& objective, const TrainOptions& options, std::uint64_t seed)
      : Passes(model, dataset, objective, options, seed),
        split_(split),
        raw_(dataset),
        all_(static_cast<std::size_t>(dataset.num_items())),
        outputs_(Tensor::zeros({dataset.num_items(), model.config().out})) {
    std::iota(all_.begin(), all_.end(), Index{0});
    if (options.mask_edges) {
      check_leaves_some("mask_edges hides the links that a step asks for");
      edges_ = edge_list(dataset.graph);
    }
    if (!model.config().label_input) return;
    check_leaves_some("label_input hides the labels of the edges that a step asks for");
    shown_.emplace(dataset, split);
  }

  double train(Optimizer& optimizer, Index epoch) override {
    double sum = 0;
    const Index size = options_.batch_size;
    for (const auto& items : shown_ ? shown_->batches(size, seed_, epoch)
                                    : draw_batches(split_.train, size, seed_, epoch)) {
      training_.reset();
      sum += static_cast<double>(items.size()) * (dataset_.task == data::Task::link
                                                      ? step_on_links(optimizer, items)
                                                      : step_on_edges(optimizer, items));
      if (!std::isfinite(sum)) break;
    }
    return sum / static_cast<double>(split_.train.size());
  }
  Tensor validate() override {
    if (shown_) show(shown_->to_validation());
    return predict(split_.val);
  }
  Tensor predict_all() override {
    if (!shown_) return predict(all_);
    show(shown_->to_validation());
    predict(all_);
    show(shown_->to_test());
    return predict(split_.test);
  }

 private:
  void check_leaves_some(const char* why) const {
    const Index there = std::ssize(split_.train);
    check(options_.batch_size > 0 && options_.batch_size < there, ErrorCode::value, "train: ", why,
          ", and batch_size = ", options_.batch_size, " leaves none of the ", there,
          "; expected 1 to ", there - 1);
  }

  void show(const std::vector<bool>& labels) {
    dataset_.edge_attr = models::edge_attr_with_labels(raw_, labels, model_);
  }

  double step_on_edges(Optimizer& optimizer, const std::vector<Index>& items) {
    if (shown_) show(shown_->to_step(items));
    models::Input input = models::input_of(training_, dataset_);
    const auto pairs = models::pick_pairs(dataset_, items, input);
    data::Dataset part;
    part.regression = dataset_.regression;
    std::vector<Index> rows(items.size());
    std::iota(rows.begin(), rows.end(), Index{0});
    if (dataset_.targets.empty())
      for (Index item : items) part.y.push_back(dataset_.y[static_cast<std::size_t>(item)]);
    else
      part.targets = select_rows(dataset_.targets, items);
    return step(optimizer, input, part, rows);
  }

  /// The links of the step and as many times options.negatives pairs that are none.
  double step_on_links(Optimizer& optimizer, const std::vector<Index>& items) {
    models::Input input = models::input_of(training_, dataset_);
    auto pairs = models::pick_pairs(dataset_, items, input);
    const auto links = std::ssize(pairs);
    if (options_.mask_edges) {
      const auto kept = edges_without(edges_, pairs);
      input.graph = keep_edges(dataset_.graph, kept);
      if (input.edge_attr)
        input.edge_attr = training_.constant(select_rows(dataset_.edge_attr, kept));
    }
    const auto wanted =
        static_cast<Index>(std::llround(static_cast<double>(links) * options_.negatives));
    const auto negatives =
        sample_negative_edges(dataset_.graph, std::max<Index>(1, wanted), training_.next_random(),
                              static_cast<int>(options_.threads));
    check(!negatives.empty(), ErrorCode::value, "train: ", dataset_.name,
          ": no pair without a link was found");
    pairs.insert(pairs.end(), negatives.begin(), negatives.end());
    input.pairs = pairs;
    data::Dataset part;
    part.targets = Tensor::zeros({std::ssize(pairs), 1});
    std::fill_n(part.targets.data(), links, Real(1));
    std::vector<Index> rows(pairs.size());
    std::iota(rows.begin(), rows.end(), Index{0});
    return step(optimizer, input, part, rows);
  }

  Tensor predict(const std::vector<Index>& items) {
    models::predict_pairs(model_, evaluation_, dataset_, items, outputs_);
    return outputs_;
  }

  const data::Split& split_;
  const data::Dataset& raw_;
  std::vector<Index> all_;
  Tensor outputs_;
  std::vector<Edge> edges_;           // with mask_edges
  std::optional<ShownLabels> shown_;  // with label_input
};

}  // namespace

std::unique_ptr<Passes> make_pair_passes(const models::Model& model, const data::Dataset& dataset,
                                         const data::Split& split, const Objective& objective,
                                         const TrainOptions& options, std::uint64_t seed) {
  return std::make_unique<PairPasses>(model, dataset, split, objective, options, seed);
}

}  // namespace AGATE_NAMESPACE::train
