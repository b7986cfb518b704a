#pragma once
/// \file
/// Graphs in numpy archives.

#include <agate/data/dataset.hpp>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Reads an archive with `edge_index` int64 (2, E) listing both directions of undirected edges,
/// sparse features `x_indptr`, `x_indices`, `x_data`, `x_shape` (CSR), labels `y` int64 (-1 = none)
/// and, where there is a public split, `train_mask`, `val_mask`, `test_mask` (bool). Without x the
/// features are the identity (one-hot of the node). Each undirected edge gets one id: the order of
/// its first appearance. A list in which an edge lacks its reverse is read as directed.
/// Error(format) naming the array for what is missing or does not fit.
Dataset read_npz_graph(const std::string& path);

}  // namespace AGATE_NAMESPACE::data
