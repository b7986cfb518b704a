#pragma once
/// \file
/// Ways to split labelled items (nodes, edges, pairs or graphs) into those to train on, to validate
/// and to test on.

#include <agate/data/dataset.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace AGATE_NAMESPACE::data {

/// The first split that came with the data.
struct PublicSplit {};
/// One of the splits that came with the data, or each of them in turn.
struct FixedSplit {
  Index which = -1;  ///< its position in Dataset::splits; -1: all, one fold each
};
/// Fractions of the labelled nodes; they add up to at most 1.
struct RandomSplit {
  double train = 0.6, val = 0.2, test = 0.2;
};
/// So many nodes of each class; the rest is test (Shchur et al. 2018).
struct PerClassSplit {
  Index train = 20, val = 30;
};
/// A column of the node table holding train, val (or valid) or test.
struct ColumnSplit {
  std::string column;
};

/// Fractions of each class; they add up to at most 1.
struct StratifiedSplit {
  double train = 0.8, val = 0.1, test = 0.1;
};
/// So many folds, each tested on once.
struct FoldSplit {
  Index count = 10;  ///< at least 2
};
/// Fractions: first the earliest items, last the latest (Dataset::times).
struct TimeSplit {
  double train = 0.7, val = 0.1, test = 0.2;
};
/// Fractions, groups kept together (Dataset::groups); they add up to 1.
struct ScaffoldSplit {
  double train = 0.8, val = 0.1, test = 0.1;
};
/// Lists of items in a file.
struct FileSplit {
  std::string path;
};

/// Graphs by name; none to validate on: a fifth of what trains.
struct GraphSplit {
  std::vector<std::string> train, val, test;
};

/// A rule for a split: what `--split` names.
using SplitSpec =
    std::variant<PublicSplit, FixedSplit, RandomSplit, PerClassSplit, ColumnSplit, StratifiedSplit,
                 FoldSplit, TimeSplit, FileSplit, GraphSplit, ScaffoldSplit>;

/// `public`, `fixed:3`, `fixed:all`, `random:0.8/0.1/0.1`, `stratified:0.8/0.1/0.1`,
/// `per-class:20/30`, `folds:10`, `time:0.7/0.1/0.2`, `scaffold`, `scaffold:0.8/0.1/0.1`,
/// `column:NAME` or `file:PATH`; Error(usage)
/// otherwise, naming what was wrong.
SplitSpec parse_split(const std::string& text);
/// The text that parse_split() reads as `spec`.
std::string to_string(const SplitSpec& spec);

/// How many splits the spec stands for: 1; for `fixed:all` as many as came with the data, for
/// `folds:K` K and for `file:PATH` as many as it holds. Error(not_found) when none came with the
/// data, and as make_split for a file.
Index fold_count(const Dataset& dataset, const SplitSpec& spec);

/// The split of `dataset` for `seed`: the same seed gives the same split on every machine.
/// ColumnSplit, PublicSplit and FixedSplit do not depend on the seed and take dataset.splits (a
/// table reader fills it from the column). `fold` counts from 0 to fold_count() - 1. Where items
/// carry several labels (Dataset::targets) an item counts as labelled when any of its targets is
/// known.
///
/// FoldSplit draws from the seed folds of one size (but for one item) and with their share of each
/// class (where items carry several labels or numbers, plain folds), tests on fold `fold`, and of
/// the rest validates on a tenth with its share of each class and trains on the others. TimeSplit
/// does not depend on the seed; items of one time keep their order. Nor does ScaffoldSplit, which
/// is group_split() of all items of the source, then of each part those with a label.
///
/// FileSplit reads JSON, items counted from 0: `{"test": [[...], ...]}`, the test items of each
/// fold, of the rest as in FoldSplit a tenth validates; `{"train": [...], "valid": [...],
/// "test": [...]}` (or "val", "validation"), one split; or a list of `{"test": [...],
/// "model_selection": [{"train": [...], "validation": [...]}]}`, one for each fold (the fair
/// comparison of Errica et al. 2020). Other keys do not count, nor do items without a label. Where
/// the data has rows that made no item (Dataset::rows) the numbers are rows, and these are left
/// out.
///
/// Error(usage) for ScaffoldSplit where items have no groups. Error(not_found) when the data has no
/// such split or no times, the spec no such fold or the file is not there; Error(format) naming
/// file, fold and index for one that is no item, or stands twice in a fold, and for an empty list;
/// Error(unsupported) for PerClassSplit and StratifiedSplit where items carry several labels or
/// numbers; Error(value) when the spec asks for more items than there are, leaves the training set
/// empty, or leaves a class without any item, or a label without any known target, to train on
/// (naming it).
Split make_split(const Dataset& dataset, const SplitSpec& spec, std::uint64_t seed, Index fold = 0);

/// Whether what is validated on is later than what is trained on, and what is tested on later still
/// (Dataset::times; some may share a time). Who tells the test items then knows the labels of both
/// other parts.
bool follow_in_time(const Dataset& dataset, const Split& split);

}  // namespace AGATE_NAMESPACE::data
