#include "train/epochs.hpp"

#include <agate/core/error.hpp>
#include <agate/train/schedule.hpp>
#include <agate/train/stopping.hpp>
#include <chrono>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

/// A copy of all parameters, to come back to.
class Snapshot {
 public:
  explicit Snapshot(nn::Module& module) {
    for (auto& [name, parameter] : module.parameters())
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

std::vector<ParameterGroup> decay_groups(nn::Module& module, const TrainOptions& options) {
  ParameterGroup with{{}, options.weight_decay}, without;
  for (auto& [name, parameter] : module.parameters()) {
    const bool first = name.find(".0.") != std::string::npos;
    const bool decays = options.weight_decay_on == "all" || first;
    (decays ? with : without).parameters.push_back(parameter);
  }
  return {with, without};
}

void check_finite(double loss, const char* what, Index epoch, double lr) {
  check(std::isfinite(loss), ErrorCode::diverged, "train: the ", what, " of epoch ", epoch, " is ",
        loss, "; a smaller lr than ", lr, " may help");
}

}  // namespace

EpochsResult train_epochs(nn::Module& module, const TrainOptions& options, bool lower_is_better,
                          const std::function<double(Optimizer& optimizer, Index epoch)>& epoch,
                          const std::function<Validation()>& validate,
                          const std::function<bool(const EpochReport&)>& on_epoch) {
  const auto optimizer = make_optimizer(options.optimizer, decay_groups(module, options),
                                        options.lr, options.momentum);
  optimizer->set_clip_norm(options.clip_norm);
  Schedule schedule({.name = options.schedule,
                     .lr = options.lr,
                     .epochs = options.epochs,
                     .gamma = options.gamma,
                     .step_size = options.step_size,
                     .warmup = options.warmup});
  Snapshot best(module);
  const auto rule = make_stopping_rule(options.stop, options.patience, options.epochs);
  const auto start = std::chrono::steady_clock::now();
  auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double sign = lower_is_better ? -1 : 1;

  EpochsResult result;
  EpochReport report{.epochs = options.epochs};
  for (Index number = 1; number <= options.epochs; ++number) {
    report.epoch = number;
    optimizer->set_lr(schedule.lr(number, report.val_loss));
    report.train_loss = epoch(*optimizer, number);
    check_finite(report.train_loss, "loss", number, options.lr);
    const bool evaluates = number % options.eval_every == 0 || number == options.epochs;
    if (evaluates && validate) {
      const Validation found = validate();
      check_finite(found.loss, "validation loss", number, options.lr);
      report.val_loss = found.loss;
      report.val_metric = found.metric;
    }
    StopDecision decision;
    if (evaluates) {
      const double penalty = options.stop == "gcn" ? optimizer->penalty() : 0;
      decision = (*rule)({number, report.val_loss, penalty, sign * report.val_metric});
    }
    if (decision.keep) {
      best.take();
      report.best_epoch = number;
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
  return result;
}

}  // namespace AGATE_NAMESPACE::train
