#pragma once
/// \file
/// Messages along both directions of directed edges that are to be predicted.

#include <agate/data/dataset.hpp>

namespace AGATE_NAMESPACE::data {

/// What an edge is like shows in what its source gave as well as in what its target received. To a
/// dataset of task edge whose graph is directed this adds each edge run through the other way,
/// behind the others and in their order, with the same features; one more feature, the last, tells
/// them apart (0: as given, 1: the other way). Others stay as they are.
Dataset add_reverse_edges(Dataset dataset);

}  // namespace AGATE_NAMESPACE::data
