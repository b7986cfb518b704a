#pragma once
/// \file
/// Tasks on sequences that are made, not read: those of Graves, Wayne, Danihelka, "Neural Turing
/// Machines", arXiv 1410.5401, 2014, and two on symbols.

#include <agate/data/sequences.hpp>
#include <cstdint>

namespace AGATE_NAMESPACE::data {

/// What a task asks for at size n, which is drawn evenly from a range:
///   copy                n vectors of 8 random bits; the same again
///   repeat_copy         n vectors of 8 random bits, then on a channel of its own how often they
///                       shall be said, 1 to 10, in tenths; all of them so many times
///   associative_recall  n items of 3 vectors of 6 random bits, each behind a delimiter, then,
///                       behind another delimiter, one of them that is not the last; the item that
///                       came after it
///   reverse             n random letters; the same from the end
///   sort                n random letters; the same in the order of the alphabet
/// Vectors of the source have the bits first and then the channels named.
struct SequenceTask {
  std::string name, about;
  Alphabet source, target;
  Index least = 1, most = 20;  ///< the sizes to train on, unless told otherwise
};

/// All of them.
const std::vector<SequenceTask>& sequence_tasks();
/// Error(not_found) with the nearest known name.
const SequenceTask& sequence_task(const std::string& name);

/// `count` pairs of sizes least .. most, the same for the same seed on every machine. Error(value)
/// for sizes below 1 (associative_recall: 2), above 10,000, least above most, or a negative count.
SequencePairs make_pairs(const SequenceTask& task, Index least, Index most, Index count,
                         std::uint64_t seed);

}  // namespace AGATE_NAMESPACE::data
