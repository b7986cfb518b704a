#include <agate/data/packed.hpp>
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
    if (options.batch_size == 0 || options.batch_size >= std::ssize(trained_))
      whole_ = take(trained_);
  }

  double train(Optimizer& optimizer, Index epoch) override {
    if (whole_) return step_on(optimizer, *whole_);
    const auto batches = draw_batches(trained_, options_.batch_size, seed_, epoch);
    // Packing takes a few hundredths of a step: a thread that does it meanwhile would cost more
    // than it saves, in the time of the processor that it takes from the step.
    double sum = 0;
    for (std::size_t k = 0; k < batches.size() && std::isfinite(sum); ++k) {
      const Batch batch = take(batches[k]);
      sum += static_cast<double>(batch.items.size()) * step_on(optimizer, batch);
    }
    return sum / static_cast<double>(split_.train.size());
  }
  Tensor validate() override { return predict(validated_); }
  Tensor predict_all() override { return predict(all_); }

 private:
  struct Batch {
    data::GraphPart part;
    std::vector<Index> items;  // the training items of the part
  };

  std::vector<Index> graphs_with(const std::vector<Index>& items) const {
    return of_graphs_ ? items : data::graphs_of(dataset_, items);
  }
  Batch take(const std::vector<Index>& graphs) const {
    Batch batch{data::select_graphs(dataset_, graphs), {}};
    if (of_graphs_) {
      batch.items.resize(graphs.size());
      std::iota(batch.items.begin(), batch.items.end(), Index{0});
    } else {
      batch.items = batch.part.rows_of(split_.train);
    }
    return batch;
  }
  double step_on(Optimizer& optimizer, const Batch& batch) {
    training_.reset();
    const data::Dataset& part = batch.part.dataset;
    return step(optimizer, models::input_of(training_, part), part, batch.items);
  }
  Tensor predict(const std::vector<Index>& graphs) {
    models::predict_graphs(model_, evaluation_, dataset_, graphs, outputs_);
    return outputs_;
  }

  const data::Split& split_;
  bool of_graphs_;
  std::vector<Index> trained_, validated_, all_;
  std::optional<Batch> whole_;
  Tensor outputs_;
};

}  // namespace

std::unique_ptr<Passes> make_graph_passes(const models::Model& model, const data::Dataset& dataset,
                                          const data::Split& split, const Objective& objective,
                                          const TrainOptions& options, std::uint64_t seed) {
  return std::make_unique<GraphPasses>(model, dataset, split, objective, options, seed);
}

}  // namespace AGATE_NAMESPACE::train
