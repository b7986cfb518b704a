#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/trainer.hpp>
#include <cmath>

#include "train/epochs.hpp"
#include "train/passes.hpp"

namespace AGATE_NAMESPACE::train {

std::string resolve_metric(const std::string& metric, const data::Dataset& dataset) {
  return metric == "auto" ? data::usual_metric(dataset) : metric;
}

double loss_value(const Tensor& outputs, const data::Dataset& dataset,
                  std::span<const Index> items) {
  Tape tape({.record = false});
  const Var y = tape.constant(outputs);
  const Var loss = dataset.regression ? mean_squared_error(y, dataset.targets, items)
                   : dataset.targets.empty()
                       ? cross_entropy(y, dataset.y, items)
                       : binary_cross_entropy_with_logits(y, dataset.targets, items);
  return loss.value().item();
}

Scores score(const Tensor& outputs, const data::Dataset& dataset, const std::vector<Index>& items,
             const std::string& primary) {
  Scores scores;
  if (items.empty()) return scores;
  scores.loss = loss_value(outputs, dataset, items);
  scores.metric = metric(primary, outputs, dataset, items);
  for (const std::string& name : metrics_of(dataset)) try {
      scores.metrics[name] = metric(name, outputs, dataset, items);
    } catch (const Error& error) {
      // A ranking of labels that are all the same says nothing; the primary metric must.
      if (error.code() != ErrorCode::value) throw;
    }
  if (dataset.is_multi_label() && dataset.task != data::Task::link)
    scores.labels = label_scores(outputs, dataset, items);
  return scores;
}

FitResult fit(models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const TrainOptions& options, std::uint64_t seed,
              const std::function<bool(const EpochReport&)>& on_epoch) {
  data::validate(dataset);
  check(!split.train.empty(), ErrorCode::value, "train: the split has no training ",
        data::items_of(dataset.task));
  check(!split.val.empty() || options.stop == "none", ErrorCode::value, "train: the rule \"",
        options.stop, "\" needs validation ", data::items_of(dataset.task),
        ", the split has none; use \"none\"");
  check(!split.val.empty() || dataset.regression || !model.config().calibrate, ErrorCode::value,
        "train: calibrate fits to the validation ", data::items_of(dataset.task),
        ", the split has none");
  const std::string primary = resolve_metric(options.metric, dataset);
  const Objective objective(dataset, split.train, options);
  objective.set_outputs(model);
  const auto passes = make_passes(model, dataset, split, objective, options, seed);
  FitResult result;
  static_cast<EpochsResult&>(result) = train_epochs(
      model, options, lower_is_better(primary),
      [&](Optimizer& optimizer, Index epoch) { return passes->train(optimizer, epoch); },
      split.val.empty() ? std::function<Validation()>() : [&]() -> Validation {
        const Tensor logits = passes->validate();
        return {loss_value(logits, dataset, split.val),
                metric(primary, logits, dataset, split.val)};
      },
      on_epoch);
  Tensor logits = passes->predict_all();
  if (model.config().calibrate && !dataset.regression) {
    calibrate(model, logits, dataset, split.val);
    if (!split.test.empty()) result.raw_reliability = reliability(logits, dataset, split.test);
    logits = passes->predict_all();
    if (!split.test.empty()) result.reliability = reliability(logits, dataset, split.test);
  }
  // The training part of links holds no pairs without one to tell them from.
  result.train = dataset.task == data::Task::link
                     ? Scores{std::nan(""), loss_value(logits, dataset, split.train), {}}
                     : score(logits, dataset, split.train, primary);
  result.val = score(logits, dataset, split.val, primary);
  result.test = score(logits, dataset, split.test, primary);
  return result;
}

}  // namespace AGATE_NAMESPACE::train
