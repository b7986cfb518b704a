#pragma once
// The kinds of split that do not stand in split.cpp: folds, fractions of classes, times, files,
// groups.

#include <agate/core/error.hpp>
#include <agate/data/split.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::data {

Split split_by(const StratifiedSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold);
Split split_by(const FoldSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold);
Split split_by(const TimeSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold);
Split split_by(const FileSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold);
Split split_by(const ScaffoldSplit& spec, const Dataset& dataset, std::uint64_t seed, Index fold);
Index fold_count_of(const Dataset& dataset, const FileSplit& spec);

/// Tests on these items; of the other labelled ones a tenth with its share of each class validates,
/// drawn anew for each fold, and the rest trains.
Split train_on_the_rest(const Dataset& dataset, std::vector<Index> test, std::uint64_t seed,
                        Index fold);

/// Adds the items to the parts, cut in their order at the fractions of `spec`.
template <class Fractions>
void cut(const std::vector<Index>& items, const Fractions& spec, const std::string& called,
         Split& split) {
  const auto n = static_cast<double>(items.size());
  const double sum = spec.train + spec.val + spec.test;
  check(spec.train >= 0 && spec.val >= 0 && spec.test >= 0 && sum <= 1 + 1e-9, ErrorCode::value,
        "split ", to_string(SplitSpec(spec)), " asks for more than all of the ", items.size(),
        " labelled ", called);
  // Rounding the borders and not the sizes leaves nobody out and counts nobody twice.
  const auto border = [&](double fraction) {
    return items.begin() + std::min(std::llround(fraction * n), static_cast<long long>(n));
  };
  const auto a = border(spec.train), b = border(spec.train + spec.val), c = border(sum);
  split.train.insert(split.train.end(), items.begin(), a);
  split.val.insert(split.val.end(), a, b);
  split.test.insert(split.test.end(), b, c);
}

}  // namespace AGATE_NAMESPACE::data
