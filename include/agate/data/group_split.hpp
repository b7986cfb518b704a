#pragma once
/// \file
/// Splits that keep groups of items together, such as molecules of one scaffold.

#include <agate/data/split.hpp>
#include <span>
#include <string>

namespace AGATE_NAMESPACE::data {

/// The split of DeepChem's ScaffoldSplitter (Ramsundar et al. 2019): the groups, the largest first
/// and of one size the one whose first item comes last, go whole to the training items while these
/// stay within their fraction of `total`, otherwise to the validation items while both stay within
/// theirs, otherwise to the test items. So the test items are of small groups, unlike those trained
/// on. `groups` names the group of each item, and `total` counts those that could not be read too
/// (at least as many as items; 0: as many). Nothing is drawn. Error(value) unless the fractions are
/// none below 0 and add up to 1, or for a smaller total.
Split group_split(std::span<const std::string> groups, const ScaffoldSplit& fractions,
                  Index total = 0);

}  // namespace AGATE_NAMESPACE::data
