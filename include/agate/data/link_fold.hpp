#pragma once
/// \file
/// Data as one run of training takes them: with their split, and for links without those that are
/// hidden.

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <agate/data/split.hpp>

namespace AGATE_NAMESPACE::data {

/// The graph of a dataset of nodes for task link, which asks which pairs of them are linked: the
/// labels of the nodes are left out, targets are one column, "link". Error(unsupported) where the
/// dataset is not about nodes.
Dataset as_links(Dataset dataset);

/// What one run trains and tests on.
struct Fold {
  Dataset dataset;
  Split split;
};

/// Of most tasks the dataset as it is and make_split(). Of task link the pairs that split_links()
/// chooses by the shares of a RandomSplit: the links of all three parts and as many pairs without a
/// link for val and test; in the graph only the links to train on remain, with the encodings of
/// `schema` (nullptr: there are none) computed anew from them. Error as there, and
/// Error(unsupported) for links by another kind of split.
Fold make_fold(const Dataset& dataset, const FeatureSchema* schema, const SplitSpec& spec,
               std::uint64_t seed, Index fold = 0);

}  // namespace AGATE_NAMESPACE::data
