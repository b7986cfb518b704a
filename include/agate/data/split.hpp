#pragma once
/// \file
/// Ways to split labelled nodes into training, validation and test nodes.

#include <agate/data/dataset.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace AGATE_NAMESPACE::data {

struct PublicSplit {};  ///< the split that came with the data
struct RandomSplit {    ///< fractions of the labelled nodes; they add up to at most 1
  double train = 0.6, val = 0.2, test = 0.2;
};
struct PerClassSplit {  ///< so many nodes of each class; the rest is test (Shchur et al. 2018)
  Index train = 20, val = 30;
};
struct ColumnSplit {  ///< a column of the node table holding train, val (or valid) or test
  std::string column;
};

using SplitSpec = std::variant<PublicSplit, RandomSplit, PerClassSplit, ColumnSplit>;

/// `public`, `random:0.8/0.1/0.1`, `per-class:20/30` or `column:NAME`; Error(usage) otherwise,
/// naming what was wrong.
SplitSpec parse_split(const std::string& text);
std::string to_string(const SplitSpec& spec);

/// The split of `dataset` for `seed`: the same seed gives the same split on every machine.
/// ColumnSplit and PublicSplit do not depend on the seed and take dataset.splits (a table
/// reader fills it from the column). Error(not_found) when the data has no such split,
/// Error(value) when it asks for more nodes than there are, leaves the training set empty, or
/// leaves a class without any training node (naming the class).
Split make_split(const Dataset& dataset, const SplitSpec& spec, std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::data
