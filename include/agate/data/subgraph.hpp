#pragma once
/// \file
/// Parts of a dataset's graph, with what is known of them.

#include <agate/data/dataset.hpp>
#include <span>

namespace AGATE_NAMESPACE::data {

/// The nodes named, which ascend, and the edges among them. Packed graphs stay apart, also where no
/// node of one is left; items that are nodes go with them, graphs stay as they are. Without splits.
/// Error(shape) unless the nodes exist and ascend, Error(unsupported) where the items are edges or
/// pairs.
Dataset keep_nodes(const Dataset& dataset, std::span<const Index> nodes);

/// All nodes and of the edges those named, which ascend. Errors as above.
Dataset keep_edges(const Dataset& dataset, std::span<const Index> edge_ids);

}  // namespace AGATE_NAMESPACE::data
