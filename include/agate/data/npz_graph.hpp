#pragma once
/// \file
/// Graphs in numpy archives.

#include <agate/data/dataset.hpp>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Reads an archive in one of two layouts, which its arrays tell apart. Error(format) naming the
/// array for what is missing or does not fit.
///
/// `edge_index` int64 (2, E) lists both directions of undirected edges; sparse features `x_indptr`,
/// `x_indices`, `x_data`, `x_shape` (CSR); labels `y` integers (nodes), -1 = none, or where
/// there are none the number `num_nodes`; where there is a public split, `train_mask`, `val_mask`,
/// `test_mask` (bool). Without x the features are the identity (one-hot of the node). Each
/// undirected edge gets one id: the order of its first appearance. A list in which an edge lacks
/// its reverse is read as directed. A `y` of shape (nodes, labels) holding 0, 1, and -1 or NaN for
/// what is not known becomes Dataset::targets.
///
/// `node_features` (N, F), `node_labels` integers (N), `edges` (E, 2) with each undirected edge
/// once, and optionally `train_masks`, `val_masks`, `test_masks` bool (S, N): S splits (the
/// heterophilous graphs of Platonov et al. 2023). Features that are mostly 0 are kept sparse.
///
/// Classes and labels are named "0", "1", ...
Dataset read_npz_graph(const std::string& path);

}  // namespace AGATE_NAMESPACE::data
