#include <agate/core/error.hpp>
#include <agate/data/group_split.hpp>
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "data/folds.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

using Items = std::vector<Index>;

/// The items of each group, ascending; the largest group first, then that with the last first item.
std::vector<Items> sorted_groups(std::span<const std::string> groups) {
  std::unordered_map<std::string_view, std::size_t> number;
  std::vector<Items> items;
  for (Index i = 0; i < std::ssize(groups); ++i) {
    const auto [found, is_new] = number.emplace(groups[i], items.size());
    if (is_new) items.emplace_back();
    items[found->second].push_back(i);
  }
  std::ranges::sort(items, std::ranges::greater{},
                    [](const Items& group) { return std::pair(group.size(), group[0]); });
  return items;
}

}  // namespace

Split group_split(std::span<const std::string> groups, const ScaffoldSplit& fractions,
                  Index total) {
  const auto& [train, val, test] = fractions;
  check(train >= 0 && val >= 0 && test >= 0 && std::abs(train + val + test - 1) < 1e-9,
        ErrorCode::value, "split by groups: the fractions ", train, ", ", val, " and ", test,
        " do not add up to 1");
  if (total == 0) total = std::ssize(groups);
  check(total >= std::ssize(groups), ErrorCode::value, "split by groups: ", groups.size(),
        " items of a total of ", total);
  const double n = static_cast<double>(total), most_train = train * n,
               most_known = (train + val) * n;
  Split split;
  for (const Items& group : sorted_groups(groups)) {
    const auto trained = static_cast<double>(split.train.size() + group.size());
    const auto known = trained + static_cast<double>(split.val.size());
    Items& part = trained <= most_train ? split.train
                  : known <= most_known ? split.val
                                        : split.test;
    part.insert(part.end(), group.begin(), group.end());
  }
  for (auto* part : {&split.train, &split.val, &split.test}) std::ranges::sort(*part);
  return split;
}

Split split_by(const ScaffoldSplit& spec, const Dataset& dataset, std::uint64_t, Index) {
  check(!dataset.groups.empty(), ErrorCode::usage, "split ", to_string(SplitSpec(spec)), ": the ",
        items_of(dataset.task), " of ", dataset.name,
        " have no scaffolds, which molecules have; use for example random:0.8/0.1/0.1");
  Split split = group_split(dataset.groups, spec, dataset.num_rows());
  for (auto* part : {&split.train, &split.val, &split.test})
    std::erase_if(*part, [&](Index item) { return !dataset.is_labelled(item); });
  return split;
}

}  // namespace AGATE_NAMESPACE::data
