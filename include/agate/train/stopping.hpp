#pragma once
/// \file
/// When to stop, and which weights to keep: the rules of the papers, by name. None of them sees the
/// test nodes.

#include <agate/core/config.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// What a rule sees of an epoch (1, 2, ...).
struct EpochScore {
  Index epoch = 0;
  double val_loss = 0;     ///< mean cross-entropy of the validation nodes
  double val_penalty = 0;  ///< the weight penalty, which the GCN authors' rule adds to val_loss
  double val_metric = 0;   ///< larger is better
};

/// What a rule makes of an epoch.
struct StopDecision {
  bool keep = false;  ///< these weights are the ones to test, unless later ones are kept
  bool stop = false;  ///< this was the last epoch
};

/// Which epoch to keep and when to stop, told epoch after epoch.
class StoppingRule {
 public:
  virtual ~StoppingRule() = default;
  virtual StopDecision operator()(const EpochScore& score) = 0;
};

/// A rule by name, and one line about it.
struct StoppingInfo {
  std::string name, about;
};

/// `val_loss`     keeps the lowest validation loss, stops after `patience` epochs without a lower.
/// `val_metric`   keeps the best validation metric (of equals the lower loss), stops after
///                `patience` epochs without a better one; after a perfect one (1) only lower losses
///                can follow, which are not waited for.
/// `gat`          keeps the epochs that improve or equal both the best metric and the lowest loss,
///                stops after `patience` epochs that improve neither (Velickovic et al. 2018).
/// `gcn`          keeps the last; stops after epoch 10 once the loss (with penalty) exceeds
///                its mean over the 10 epochs before (Kipf and Welling 2017). Ignores `patience`.
/// `pyg`          keeps the lowest validation loss; in the second half of the epochs stops once the
///                loss exceeds its mean over the `patience` epochs before (Fey and Lenssen 2019).
/// `none`         keeps the last, never stops.
const std::vector<StoppingInfo>& stopping_rules();

/// Error(usage) for an unknown name, with the nearest known.
std::unique_ptr<StoppingRule> make_stopping_rule(const std::string& name, Index patience,
                                                 Index epochs);

}  // namespace AGATE_NAMESPACE::train
