#pragma once
/// \file
/// DictionaryLookup: the problem that tells dynamic from static attention (Brody, Alon and Yahav:
/// "How attentive are graph attention networks?", ICLR 2022).

#include <agate/data/dataset.hpp>

namespace AGATE_NAMESPACE::data {

/// The largest dictionary: 33 million edges.
inline constexpr int most_dictionary_keys = 32;

/// Graphs of 2 `keys` nodes each, packed: first the targets (key, no value), which are labelled
/// with the value to be looked up, then the sources (key, value), not labelled; an edge leads from
/// every source to every target. A graph is a permutation: which value each key has. Features,
/// sparse: one-hot key (columns 0 .. keys - 1) and one-hot value (keys .. 2 keys - 1; no value: 2
/// keys).
///
/// There is one graph for each permutation, or where these are more than 32,000 (from 8 keys on) as
/// many for permutations drawn at random. The split of its own holds out (key, value) pairs: of the
/// keys^2 pairs int(0.8^(1 / keys) keys^2), drawn at random, are allowed in training; a graph with
/// any other pair is a test graph. Of the permutations left a tenth, at least one, validates. Where
/// there are fewer than 32,000, the training graphs stand there several times, so that an epoch is
/// about as long for every size. The same on every machine.
///
/// Error(value) unless 3 <= keys <= most_dictionary_keys: with two, nothing is left to validate.
Dataset dictionary_lookup(int keys);

}  // namespace AGATE_NAMESPACE::data
