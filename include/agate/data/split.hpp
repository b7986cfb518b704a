#pragma once
/// \file
/// Ways to split labelled nodes into training, validation and test nodes.

#include <agate/data/dataset.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace AGATE_NAMESPACE::data {

struct PublicSplit {};  ///< the first split that came with the data
struct FixedSplit {     ///< one of the splits that came with the data, or each of them in turn
  Index which = -1;     ///< its position in Dataset::splits; -1: all, one fold each
};
struct RandomSplit {  ///< fractions of the labelled nodes; they add up to at most 1
  double train = 0.6, val = 0.2, test = 0.2;
};
struct PerClassSplit {  ///< so many nodes of each class; the rest is test (Shchur et al. 2018)
  Index train = 20, val = 30;
};
struct ColumnSplit {  ///< a column of the node table holding train, val (or valid) or test
  std::string column;
};

using SplitSpec = std::variant<PublicSplit, FixedSplit, RandomSplit, PerClassSplit, ColumnSplit>;

/// `public`, `fixed:3`, `fixed:all`, `random:0.8/0.1/0.1`, `per-class:20/30` or `column:NAME`;
/// Error(usage) otherwise, naming what was wrong.
SplitSpec parse_split(const std::string& text);
std::string to_string(const SplitSpec& spec);

/// How many splits the spec stands for: 1, and for `fixed:all` as many as came with the data.
/// Error(not_found) when none did.
Index fold_count(const Dataset& dataset, const SplitSpec& spec);

/// The split of `dataset` for `seed`: the same seed gives the same split on every machine.
/// ColumnSplit, PublicSplit and FixedSplit do not depend on the seed and take dataset.splits (a
/// table reader fills it from the column). `fold` counts from 0 to fold_count() - 1. Where nodes
/// carry several labels (Dataset::targets) a node counts as labelled when any of its targets is
/// known. Error(not_found) when the data has no such split or the spec no such fold,
/// Error(unsupported) for PerClassSplit where nodes carry several labels, Error(value) when it asks
/// for more nodes than there are, leaves the training set empty, or leaves a class without any
/// training node, or a label without any known target to train on (naming it).
Split make_split(const Dataset& dataset, const SplitSpec& spec, std::uint64_t seed, Index fold = 0);

}  // namespace AGATE_NAMESPACE::data
