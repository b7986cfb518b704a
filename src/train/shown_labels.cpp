#include "train/shown_labels.hpp"

#include <algorithm>

#include "train/passes.hpp"

namespace AGATE_NAMESPACE::train {

ShownLabels::ShownLabels(const data::Dataset& dataset, const data::Split& split)
    : dataset_(dataset), split_(split), training_(static_cast<std::size_t>(dataset.num_items())) {
  for (const Index item : split.train) training_[item] = true;
  if (!data::follow_in_time(dataset, split)) return;
  by_time_ = split.train;
  std::ranges::stable_sort(by_time_, {}, [&](Index item) { return dataset_.times[item]; });
}

std::vector<std::vector<Index>> ShownLabels::batches(Index size, std::uint64_t seed,
                                                     Index epoch) const {
  return by_time_.empty() ? draw_batches(split_.train, size, seed, epoch)
                          : draw_runs(by_time_, size, seed, epoch);
}

std::vector<bool> ShownLabels::to_step(const std::vector<Index>& items) const {
  auto shown = training_;
  for (const Index item : items) shown[item] = false;
  if (by_time_.empty()) return shown;
  auto time = [&](Index item) { return dataset_.times[item]; };
  const double begin = time(std::ranges::min(items, {}, time));
  const auto hidden = std::ranges::lower_bound(by_time_, begin, {}, time);
  for (auto at = hidden; at != by_time_.end(); ++at) shown[*at] = false;
  return shown;
}

std::vector<bool> ShownLabels::to_test() const {
  auto shown = training_;
  if (!by_time_.empty())
    for (const Index item : split_.val) shown[item] = true;
  return shown;
}

}  // namespace AGATE_NAMESPACE::train
