#pragma once
/// \file
/// Training a model of nodes, edges, links or graphs, on all at once or on batches.

#include <agate/core/options.hpp>
#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <agate/train/calibration.hpp>
#include <agate/train/metrics.hpp>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// How a model is trained; what belongs to its shape is in models::ModelConfig.
struct TrainOptions {
  Index epochs = 1000;  ///< at most
  Index patience = 100;
  std::string optimizer = "adam";  ///< a name of optimizer_names()
  double lr = 0.005;
  double momentum = 0.9;  ///< of sgd
  double weight_decay = 5e-4;
  std::string weight_decay_on = "all";  ///< all, or first_layer
  double clip_norm = 0;                 ///< of the gradient; 0: no limit
  std::string schedule = "constant";    ///< of lr: a name of schedule_names()
  double gamma = 0.5;                   ///< schedule: see ScheduleOptions
  Index step_size = 50;                 ///< schedule
  Index warmup = 0;                     ///< epochs in which lr grows to its value
  std::string class_weight = "none";  ///< balanced: rare classes and labels count as much as others
  double negatives = 1;               ///< task link: pairs without a link for each link in a step
  bool mask_edges = false;  ///< task link: the links that a step asks for carry no messages in it
  double label_smoothing = 0;     ///< of classes and symbols: see cross_entropy
  std::string metric = "auto";    ///< a name of metric_names(), or auto: data::usual_metric
  std::string stop = "val_loss";  ///< a name of stopping_rules()
  Index batch_size = 0;           ///< graphs, edges or links per step; 0: all in one step
  Index eval_every = 1;           ///< epochs from one validation to the next
  Index threads = 0;              ///< 0: all

  bool operator==(const TrainOptions&) const = default;
};

/// Every field of TrainOptions: the table that flags, JSON, help and checks are made of.
const std::vector<Option<TrainOptions>>& train_options();

/// What the callback of fit() sees after each epoch.
struct EpochReport {
  Index epoch = 0, epochs = 0;
  double train_loss = 0, val_loss = 0, val_metric = 0;
  Index best_epoch = 0;  ///< whose weights are kept so far
  double best_val_metric = 0;
  double seconds = 0;  ///< since the start
};

/// How well a model does on one part of a split.
struct Scores {
  double metric = 0;  ///< the primary metric
  double loss = 0;
  std::map<std::string, double> metrics{};  ///< all that the rows allow, by name
  std::vector<LabelScore> labels{};         ///< where items carry several labels
};

/// What any training leaves.
struct EpochsResult {
  Index best_epoch = 0;      ///< whose weights the model has now
  Index epochs = 0;          ///< that ran
  bool interrupted = false;  ///< the callback asked to stop
  double seconds = 0;
  std::vector<EpochReport> history;
};

/// What fit() leaves.
struct FitResult : EpochsResult {
  /// Of the weights kept; zeros for an empty part of the split. Of links the training part is
  /// scored by its loss alone: its metric is NaN.
  Scores train, val, test;
  /// Of a model that calibrates: of the test items, before and after.
  std::optional<Reliability> raw_reliability, reliability;
};

/// Fits `model` to the training items: of classes it minimises the mean cross-entropy, of
/// multi-label targets the mean binary cross-entropy of the known ones, of numbers the mean squared
/// error in units of their deviation among the training items, and with any the losses that layers
/// add to the pass (Tape::add_loss; train_loss holds them, val_loss does not). A step sees all of
/// them, or options.batch_size graphs, edges or links: then an epoch takes each once, in an order
/// drawn from the seed and the epoch, and evaluation takes some at a time. Of several graphs only
/// those with training items take part in steps.
///
/// Of task link (see data::link_fold) the training items are links; each step adds pairs without a
/// link, drawn anew.
///
/// The stopping rule looks at the validation items; then the weights kept are restored and all
/// parts scored, the test items for the first time; a model whose configuration says `calibrate`
/// (not one of numbers) is calibrated on the validation items before that. Without validation items
/// the rule must be `none`. The same seed gives the same bits with any number of threads.
/// `on_epoch` returns false to stop early, which keeps the best weights so far. Throws
/// Error(diverged) naming the epoch when the loss is NaN or infinite, Error(value) for a split
/// without training items or a batch_size where the nodes of one graph are classified, and what
/// data::validate throws.
FitResult fit(models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const TrainOptions& options, std::uint64_t seed,
              const std::function<bool(const EpochReport&)>& on_epoch = {});

/// The options' metric, or for auto the usual one of the dataset.
std::string resolve_metric(const std::string& metric, const data::Dataset& dataset);

/// Loss and metrics of outputs on the items named, whose labels are known; `primary` is the metric.
Scores score(const Tensor& outputs, const data::Dataset& dataset, const std::vector<Index>& items,
             const std::string& primary);

/// The mean loss of the items named, unweighted; of numbers the mean squared error.
double loss_value(const Tensor& outputs, const data::Dataset& dataset,
                  std::span<const Index> items);

}  // namespace AGATE_NAMESPACE::train
