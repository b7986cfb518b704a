#pragma once
// The loop that all training is: epochs of steps, validation, the weights that were best.

#include <agate/nn/module.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/trainer.hpp>
#include <functional>

namespace AGATE_NAMESPACE::train {

struct Validation {
  double loss = 0, metric = 0;
};

// `epoch` takes the steps of an epoch and gives its mean loss. Without `validate` the rule must not
// look at what it gives. In the end the module has the weights that the rule kept. Throws
// Error(diverged) naming the epoch when a loss is NaN or infinite.
EpochsResult train_epochs(nn::Module& module, const TrainOptions& options, bool lower_is_better,
                          const std::function<double(Optimizer& optimizer, Index epoch)>& epoch,
                          const std::function<Validation()>& validate,
                          const std::function<bool(const EpochReport&)>& on_epoch);

}  // namespace AGATE_NAMESPACE::train
