#include "data/folds.hpp"

#include <agate/core/random.hpp>
#include <numeric>

#include "data/split_file.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

// Apart from each other, from the one of split.cpp and from those that initialise weights.
constexpr std::uint32_t class_stream = 0x5EED6, fold_stream = 0x5EED7, rest_stream = 0x5EF00000;

using Groups = std::vector<std::vector<Index>>;

/// The items by class, or all in one group where they have no class, each group shuffled.
Groups shuffled_groups(const Dataset& dataset, const std::vector<Index>& items, Random random) {
  const bool classes = dataset.targets.empty();
  Groups groups(classes ? dataset.classes.size() : 1);
  for (const Index item : items) groups[classes ? dataset.y[item] : 0].push_back(item);
  for (auto& group : groups) random.shuffle(std::span(group));
  return groups;
}

std::vector<Index> labelled(const Dataset& dataset) {
  auto items = labelled_items(dataset);
  check(!items.empty(), ErrorCode::value, "split: none of the ", items_of(dataset.task), " of ",
        dataset.name, " has a label");
  return items;
}

}  // namespace

Split train_on_the_rest(const Dataset& dataset, std::vector<Index> test, std::uint64_t seed,
                        Index fold) {
  std::vector<bool> tested(static_cast<std::size_t>(dataset.num_items()));
  for (const Index item : test) tested[item] = true;
  auto rest = labelled_items(dataset);
  std::erase_if(rest, [&](Index item) { return tested[item]; });
  const Random random(seed, rest_stream + static_cast<std::uint32_t>(fold));
  Split split{{}, {}, std::move(test)};
  double due = 0;  // what rounding owes is carried from class to class
  for (const auto& group : shuffled_groups(dataset, rest, random)) {
    if (group.empty()) continue;
    due += static_cast<double>(group.size()) / 10;
    const Index most = std::ssize(group) - 1;
    const Index taken = std::clamp<Index>(std::llround(due), 0, most);
    due -= static_cast<double>(taken);
    split.val.insert(split.val.end(), group.begin(), group.begin() + taken);
    split.train.insert(split.train.end(), group.begin() + taken, group.end());
  }
  return split;
}

Split split_by(const StratifiedSplit& spec, const Dataset& dataset, std::uint64_t seed, Index) {
  check(dataset.targets.empty(), ErrorCode::unsupported, "split ", to_string(SplitSpec(spec)),
        ": the ", items_of(dataset.task), " of ", dataset.name,
        dataset.regression ? " carry numbers" : " carry several labels each",
        ", not one class; use for example random:0.8/0.1/0.1");
  Split split;
  for (const auto& group : shuffled_groups(dataset, labelled(dataset), Random(seed, class_stream)))
    cut(group, spec, items_of(dataset.task), split);
  return split;
}

Split split_by(const FoldSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold) {
  const auto items = labelled(dataset);
  check(spec.count >= 2 && spec.count <= std::ssize(items), ErrorCode::value, "split ",
        to_string(SplitSpec(spec)), ": ", spec.count, " folds of the ", items.size(), " labelled ",
        items_of(dataset.task), " of ", dataset.name, ", expected 2 to ", items.size());
  std::vector<Index> test;
  Index next = 0;  // dealing goes on where the class before it ended, so that the folds are equal
  for (const auto& group : shuffled_groups(dataset, items, Random(seed, fold_stream)))
    for (const Index item : group)
      if (next++ % spec.count == fold) test.push_back(item);
  return train_on_the_rest(dataset, std::move(test), seed, fold);
}

bool follow_in_time(const Dataset& dataset, const Split& split) {
  if (dataset.times.empty() || split.train.empty() || split.val.empty()) return false;
  auto time = [&](Index item) { return dataset.times[static_cast<std::size_t>(item)]; };
  auto earlier = [&](const std::vector<Index>& a, const std::vector<Index>& b) {
    return b.empty() || time(std::ranges::max(a, {}, time)) <= time(std::ranges::min(b, {}, time));
  };
  return earlier(split.train, split.val) && earlier(split.val, split.test);
}

Split split_by(const TimeSplit& spec, const Dataset& dataset, std::uint64_t, Index) {
  check(!dataset.times.empty(), ErrorCode::not_found, "split ", to_string(SplitSpec(spec)),
        ": when each of the ", items_of(dataset.task), " of ", dataset.name,
        " came to be is not known; use for example random:0.7/0.1/0.2");
  auto items = labelled(dataset);
  for (const Index item : items)
    check(std::isfinite(dataset.times[item]), ErrorCode::value, "split ",
          to_string(SplitSpec(spec)), ": the time of ", to_string(dataset.task), ' ', item, " of ",
          dataset.name, " is ", dataset.times[item]);
  std::ranges::stable_sort(items, {}, [&](Index item) { return dataset.times[item]; });
  Split split;
  cut(items, spec, items_of(dataset.task), split);
  return split;
}

Split split_by(const FileSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold) {
  StoredFolds stored = read_split_file(spec.path, dataset);
  Split& split = stored.folds[static_cast<std::size_t>(fold)];
  for (auto* part : {&split.train, &split.val, &split.test})
    std::erase_if(*part, [&](Index item) { return !dataset.is_labelled(item); });
  if (!stored.tests_only) return split;
  return train_on_the_rest(dataset, std::move(split.test), seed, fold);
}

Index fold_count_of(const Dataset& dataset, const FileSplit& spec) {
  return std::ssize(read_split_file(spec.path, dataset).folds);
}

}  // namespace AGATE_NAMESPACE::data
