#pragma once
/// \file
/// What a model of sequences is trained and tested on.

#include <agate/data/pairs_file.hpp>
#include <agate/data/sequence_tasks.hpp>
#include <cstdint>
#include <functional>

namespace AGATE_NAMESPACE::data {

/// Pairs to train and validate on, and tests.
struct SequenceData {
  std::string name;
  Alphabet source, target;
  /// The training pairs of epoch 1, 2, ...: the same in each, or drawn anew.
  std::function<SequencePairs(Index epoch)> train{};
  SequencePairs val{};
  /// The first is what the test score is about; the others are harder.
  struct Test {
    std::string name;
    SequencePairs pairs;
  };
  std::vector<Test> tests{};
};

/// How many pairs of a task, and of which sizes.
struct TaskDataOptions {
  Index least = 0, most = 0;  ///< sizes to train on; 0: the task's own
  Index per_epoch = 1000;     ///< training pairs of an epoch
  Index held_out = 500;       ///< pairs to validate on, and of each test
};

/// Pairs of a task: drawn anew in every epoch; tests of the sizes trained on, of twice and of four
/// times the largest one.
SequenceData task_data(const SequenceTask& task, const TaskDataOptions& options,
                       std::uint64_t seed);

/// Shares of a file's pairs: train, val, test add up to at most 1.
struct PairShares {
  double train = 0.8, val = 0.1, test = 0.1;
};
/// The pairs of each part, ascending.
struct PairParts {
  std::vector<Index> train, val, test;
};
/// Draws the parts from the seed. Pairs of one source stay in one part. Error(value) for shares
/// that do not add up to at most 1, and for a part of none.
PairParts split_pairs(const TextPairs& texts, const PairShares& shares, std::uint64_t seed);

/// A file's pairs, split by split_pairs, each part with the symbols of the whole; `words`: symbols
/// are words, not characters.
SequenceData pairs_data(const TextPairs& texts, bool words, const PairShares& shares,
                        std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::data
