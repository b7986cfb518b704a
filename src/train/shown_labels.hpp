#pragma once
// Which labels the messages may carry (ModelConfig::label_input) while a model learns to tell the
// others.

#include <agate/data/dataset.hpp>
#include <agate/data/split.hpp>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Training labels are hidden from the step that asks for them. Where everything that is validated
/// on is later than what is learned from (Dataset::times), a step asks for items that follow each
/// other in time, and labels of the same time or later are hidden from it, too: as they will be
/// from those who tell the future. Otherwise a model learns to read the answer off later labels,
/// which it will not have.
class ShownLabels {
 public:
  /// What is named must outlive it.
  ShownLabels(const data::Dataset& dataset, const data::Split& split);
  /// The items of each step.
  std::vector<std::vector<Index>> batches(Index size, std::uint64_t seed, Index epoch) const;
  /// Whether each item's label is shown to a step on these, to who is validated, and to who is
  /// tested: in time, the labels of the validation part are known by then.
  std::vector<bool> to_step(const std::vector<Index>& items) const;
  const std::vector<bool>& to_validation() const { return training_; }
  std::vector<bool> to_test() const;

 private:
  const data::Dataset& dataset_;
  const data::Split& split_;
  std::vector<bool> training_;
  std::vector<Index> by_time_;  // the training items, where the parts follow in time
};

}  // namespace AGATE_NAMESPACE::train
