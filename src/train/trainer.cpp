#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/adam.hpp>
#include <agate/train/metrics.hpp>
#include <agate/train/stopping.hpp>
#include <agate/train/trainer.hpp>
#include <chrono>
#include <cmath>

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

double step(Tape& tape, models::Model& model, Adam& adam, const data::Dataset& dataset,
            const FeatureMatrix& x, const data::Split& split) {
  tape.reset();
  const Var logits = model.forward(dataset.graph, Features(tape, x));
  const Var loss = cross_entropy(logits, dataset.y, split.train);
  const double value = loss.value().item();
  if (std::isfinite(value)) {
    tape.backward(loss);
    adam.step(tape);
  }
  return value;
}

}  // namespace

const std::vector<Option<TrainOptions>>& train_options() {
  using T = TrainOptions;
  static const std::vector<Option<T>> table = [] {
    std::vector<std::string> rules;
    for (const StoppingInfo& rule : stopping_rules()) rules.push_back(rule.name);
    return std::vector<Option<T>>{
        {"epochs", &T::epochs, "at most so many passes over the training nodes", 1, 1e9, {}},
        {"patience", &T::patience, "epochs without improvement before stopping", 1, 1e9, {}},
        {"lr", &T::lr, "learning rate of Adam", 1e-12, 1e3, {}},
        {"weight_decay", &T::weight_decay, "w: the penalty w/2 * |weights|^2", 0, 1e3, {}},
        {"weight_decay_on",
         &T::weight_decay_on,
         "which weights are penalised",
         0,
         0,
         {"all", "first_layer"}},
        {"stop", &T::stop, "stopping rule", 0, 0, rules},
        {"threads", &T::threads, "threads; 0: all processors", 0, 4096, {}},
    };
  }();
  return table;
}

Scores score(const Tensor& logits, const std::vector<int>& y, const std::vector<Index>& nodes) {
  if (nodes.empty()) return {};
  return {accuracy(logits, y, nodes), macro_f1(logits, y, nodes),
          cross_entropy_value(logits, y, nodes)};
}

FitResult fit(models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const TrainOptions& options, std::uint64_t seed,
              const std::function<bool(const EpochReport&)>& on_epoch) {
  check(!split.train.empty(), ErrorCode::value, "train: the split has no training nodes");
  check(!split.val.empty() || options.stop == "none", ErrorCode::value, "train: the rule \"",
        options.stop, "\" needs validation nodes, the split has none; use \"none\"");
  const FeatureMatrix x = model.prepare(dataset.x);
  const int threads = static_cast<int>(options.threads);
  Tape training({.training = true, .seed = seed, .threads = threads});
  Tape evaluation({.record = false, .threads = threads});
  Adam adam(decay_groups(model, options), {.lr = options.lr});
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
    report.train_loss = step(training, model, adam, dataset, x, split);
    check(std::isfinite(report.train_loss), ErrorCode::diverged, "train: the loss of epoch ", epoch,
          " is ", report.train_loss, "; a smaller lr than ", options.lr, " may help");
    if (!split.val.empty()) {
      evaluation.reset();
      const Tensor logits = model.forward(dataset.graph, Features(evaluation, x)).value();
      report.val_loss = cross_entropy_value(logits, dataset.y, split.val);
      report.val_metric = accuracy(logits, dataset.y, split.val);
      check(std::isfinite(report.val_loss), ErrorCode::diverged,
            "train: the validation loss of epoch ", epoch, " is ", report.val_loss,
            "; a smaller lr than ", options.lr, " may help");
    }
    const double penalty = options.stop == "gcn" ? adam.penalty() : 0;
    const StopDecision decision = (*rule)({epoch, report.val_loss, penalty, report.val_metric});
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
  evaluation.reset();
  const Tensor logits = model.forward(dataset.graph, Features(evaluation, x)).value();
  result.train = score(logits, dataset.y, split.train);
  result.val = score(logits, dataset.y, split.val);
  result.test = score(logits, dataset.y, split.test);
  return result;
}

}  // namespace AGATE_NAMESPACE::train
