#pragma once
/// \file
/// Graphs of users or pages in the files of MUSAE (Rozemberczki, Allen and Sarkar 2021).

#include <agate/data/dataset.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// Which of the files are read.
struct MusaeOptions {
  std::string folder{};
  /// Each NAME stands for NAME_edges.csv (two columns of numbers of nodes), NAME_features.json (the
  /// features that a node has, by its number) and NAME_target.csv, all perhaps with .gz behind.
  std::vector<std::string> graphs{};
  std::string label{};  ///< column of the target table: the class of a node
};

/// Nodes are numbered by the column `new_id` of the target table, or where there is none by `id`;
/// `id` names them. Features are 0 or 1, as many columns as the largest in any of the graphs.
/// Edges are undirected, loops are dropped. Several graphs are packed into one dataset, and
/// come with a split: a fifth of the labelled nodes of all but the last graph validates (drawn,
/// always the same), the others train, and those of the last graph test.
/// Error(format) with FILE:LINE for a number that is no node, or of two rows; Error(not_found) for
/// a missing file or column.
Dataset read_musae(const MusaeOptions& options);

}  // namespace AGATE_NAMESPACE::data
