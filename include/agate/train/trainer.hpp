#pragma once
/// \file
/// Training a node classifier on one graph.

#include <agate/core/options.hpp>
#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <functional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

struct TrainOptions {
  Index epochs = 1000;  ///< at most
  Index patience = 100;
  double lr = 0.005;
  double weight_decay = 5e-4;
  std::string weight_decay_on = "all";  ///< all, or first_layer
  std::string stop = "val_loss";        ///< a name of stopping_rules()
  Index threads = 0;                    ///< 0: all

  bool operator==(const TrainOptions&) const = default;
};

const std::vector<Option<TrainOptions>>& train_options();

/// What the callback of fit() sees after each epoch.
struct EpochReport {
  Index epoch = 0, epochs = 0;
  double train_loss = 0, val_loss = 0, val_metric = 0;
  Index best_epoch = 0;  ///< whose weights are kept so far
  double best_val_metric = 0;
  double seconds = 0;  ///< since the start
};

struct Scores {
  double accuracy = 0, macro_f1 = 0, loss = 0;
};

struct FitResult {
  Index best_epoch = 0;      ///< whose weights the model has now
  Index epochs = 0;          ///< that ran
  bool interrupted = false;  ///< the callback asked to stop
  double seconds = 0;
  Scores train, val, test;  ///< of the weights kept; zeros for an empty part of the split
  std::vector<EpochReport> history;
};

/// Fits `model` to the training nodes: full-batch Adam on their mean cross-entropy, the stopping
/// rule on the validation nodes; then the weights kept are restored and all parts scored, the test
/// nodes for the first time. Without validation nodes the rule must be `none`. The same seed gives
/// the same bits with any number of threads. `on_epoch` returns false to stop early, which keeps
/// the best weights so far.
/// Throws Error(diverged) naming the epoch when the loss is NaN or infinite, Error(value) for a
/// split without training nodes.
FitResult fit(models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const TrainOptions& options, std::uint64_t seed,
              const std::function<bool(const EpochReport&)>& on_epoch = {});

/// Accuracy, macro-F1 and loss of logits on the nodes named.
Scores score(const Tensor& logits, const std::vector<int>& y, const std::vector<Index>& nodes);

}  // namespace AGATE_NAMESPACE::train
