#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/schedule.hpp>
#include <agate/train/stopping.hpp>
#include <agate/train/trainer.hpp>
#include <chrono>
#include <cmath>

#include "train/passes.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

/// A copy of all parameters, to come back to.
class Snapshot {
 public:
  explicit Snapshot(models::Model& model) {
    for (auto& [name, parameter] : model.parameters())
      kept_.emplace_back(parameter, parameter->value.clone());
  }
  void take() {
    for (auto& [parameter, value] : kept_) value.copy_from(parameter->value);
  }
  void restore() const {
    for (const auto& [parameter, value] : kept_) parameter->value.copy_from(value);
  }

 private:
  std::vector<std::pair<Parameter*, Tensor>> kept_;
};

std::vector<ParameterGroup> decay_groups(models::Model& model, const TrainOptions& options) {
  ParameterGroup with{{}, options.weight_decay}, without;
  for (auto& [name, parameter] : model.parameters()) {
    const bool first = name.find(".0.") != std::string::npos;
    const bool decays = options.weight_decay_on == "all" || first;
    (decays ? with : without).parameters.push_back(parameter);
  }
  return {with, without};
}

}  // namespace

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
  const double sign = lower_is_better(primary) ? -1 : 1;
  const Objective objective(dataset, split.train, options);
  objective.set_outputs(model);
  const auto passes = make_passes(model, dataset, split, objective, options, seed);
  const auto optimizer =
      make_optimizer(options.optimizer, decay_groups(model, options), options.lr, options.momentum);
  optimizer->set_clip_norm(options.clip_norm);
  Schedule schedule({.name = options.schedule,
                     .lr = options.lr,
                     .epochs = options.epochs,
                     .gamma = options.gamma,
                     .step_size = options.step_size,
                     .warmup = options.warmup});
  Snapshot best(model);
  const auto rule = make_stopping_rule(options.stop, options.patience, options.epochs);
  const auto start = std::chrono::steady_clock::now();
  auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };

  FitResult result;
  EpochReport report{.epochs = options.epochs};
  for (Index epoch = 1; epoch <= options.epochs; ++epoch) {
    report.epoch = epoch;
    optimizer->set_lr(schedule.lr(epoch, report.val_loss));
    report.train_loss = passes->train(*optimizer, epoch);
    check(std::isfinite(report.train_loss), ErrorCode::diverged, "train: the loss of epoch ", epoch,
          " is ", report.train_loss, "; a smaller lr than ", options.lr, " may help");
    const bool evaluates = epoch % options.eval_every == 0 || epoch == options.epochs;
    if (evaluates && !split.val.empty()) {
      const Tensor logits = passes->validate();
      report.val_loss = loss_value(logits, dataset, split.val);
      check(std::isfinite(report.val_loss), ErrorCode::diverged,
            "train: the validation loss of epoch ", epoch, " is ", report.val_loss,
            "; a smaller lr than ", options.lr, " may help");
      report.val_metric = metric(primary, logits, dataset, split.val);
    }
    StopDecision decision;
    if (evaluates) {
      const double penalty = options.stop == "gcn" ? optimizer->penalty() : 0;
      decision = (*rule)({epoch, report.val_loss, penalty, sign * report.val_metric});
    }
    if (decision.keep) {
      best.take();
      report.best_epoch = epoch;
      report.best_val_metric = report.val_metric;
    }
    report.seconds = seconds();
    result.history.push_back(report);
    if (on_epoch && !on_epoch(report)) result.interrupted = true;
    if (decision.stop || result.interrupted) break;
  }
  best.restore();
  result.best_epoch = report.best_epoch;
  result.epochs = report.epoch;
  result.seconds = seconds();
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
