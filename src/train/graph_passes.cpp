#include <agate/data/batches.hpp>
#include <agate/models/predict.hpp>
#include <cmath>
#include <numeric>

#include "train/passes.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

/// Some graphs at a time, packed into one; what is not of training graphs takes no part in steps.
class GraphPasses : public Passes {
 public:
  GraphPasses(const models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const Objective& objective, const TrainOptions& options, std::uint64_t seed)
      : Passes(model, dataset, objective, options, seed),
        split_(split),
        of_graphs_(dataset.task == data::Task::graph),
        trained_(graphs_with(split.train)),
        validated_(graphs_with(split.val)),
        all_(static_cast<std::size_t>(dataset.num_graphs())),
        outputs_(Tensor::zeros({dataset.num_items(), model.config().out})) {
    std::iota(all_.begin(), all_.end(), Index{0});
    if (options.batch_size == 0 || options.batch_size >= std::ssize(trained_)) {
      whole_ = data::select_graphs(dataset_, trained_);
      whole_items_ = items_of(*whole_);
    }
  }

  double train(Optimizer& optimizer, Index epoch) override {
    if (whole_) return step_on(optimizer, whole_->dataset, whole_items_);
    const auto batches = draw_batches(trained_, options_.batch_size, seed_, epoch);
    double sum = 0;
    data::visit_batches(
        dataset_, batches, training_.threads(), [&](Index, const data::GraphPart& part) {
          const auto items = items_of(part);
          sum += static_cast<double>(items.size()) * step_on(optimizer, part.dataset, items);
          return std::isfinite(sum);
        });
    return sum / static_cast<double>(split_.train.size());
  }
  Tensor validate() override { return predict(validated_); }
  Tensor predict_all() override { return predict(all_); }

 private:
  std::vector<Index> graphs_with(const std::vector<Index>& items) const {
    return of_graphs_ ? items : data::graphs_of(dataset_, items);
  }
  // The training items of a part of the training graphs.
  std::vector<Index> items_of(const data::GraphPart& part) const {
    if (!of_graphs_) return part.rows_of(split_.train);
    std::vector<Index> all(static_cast<std::size_t>(part.dataset.num_graphs()));
    std::iota(all.begin(), all.end(), Index{0});
    return all;
  }
  double step_on(Optimizer& optimizer, const data::Dataset& part, std::span<const Index> items) {
    training_.reset();
    return step(optimizer, models::input_of(training_, part), part, items);
  }
  Tensor predict(const std::vector<Index>& graphs) {
    models::predict_graphs(model_, evaluation_, dataset_, graphs, outputs_);
    return outputs_;
  }

  const data::Split& split_;
  bool of_graphs_;
  std::vector<Index> trained_, validated_, all_;
  std::optional<data::GraphPart> whole_;
  std::vector<Index> whole_items_;
  Tensor outputs_;
};

}  // namespace

std::unique_ptr<Passes> make_graph_passes(const models::Model& model, const data::Dataset& dataset,
                                          const data::Split& split, const Objective& objective,
                                          const TrainOptions& options, std::uint64_t seed) {
  return std::make_unique<GraphPasses>(model, dataset, split, objective, options, seed);
}

}  // namespace AGATE_NAMESPACE::train
