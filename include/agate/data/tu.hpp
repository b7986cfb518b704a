#pragma once
/// \file
/// Collections of graphs in the text files of the TU Dortmund (Morris et al. 2020, "TUDataset: A
/// collection of benchmark datasets for learning with graphs").

#include <agate/data/dataset.hpp>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Whether the folder holds a NAME_graph_indicator.txt, with or without .gz.
bool is_tu_folder(const std::string& path);

/// The files of a folder, whose names start with one NAME_ and may end in .gz; nodes and graphs
/// are counted from 1 in them and from 0 in the Dataset:
///
/// | file                 | a line holds                                                         |
/// |----------------------|----------------------------------------------------------------------|
/// | NAME_graph_indicator | the graph of a node; ascending                                       |
/// | NAME_A               | the source and the target of an edge, both in the same graph         |
/// | NAME_graph_labels    | the class of a graph: Dataset::y, named by the number, ascending      |
/// | NAME_graph_attributes| numbers of a graph: without labels, Dataset::targets to be predicted |
/// | NAME_node_attributes | numbers of a node                                                    |
/// | NAME_node_labels     | one or more integers of a node                                       |
/// | NAME_edge_attributes | numbers of the edge in the same line of NAME_A                       |
/// | NAME_edge_labels     | one or more integers of it                                           |
///
/// x holds the attributes, then each column of labels as one-hot, a column for each distinct value,
/// ascending (in PyTorch Geometric one for each number between); dense where there are attributes,
/// otherwise sparse. Without either it is the one-hot of the number of neighbours, 135 or more in
/// the last of 136 columns. edge_attr is made in the same way. Loops are left out, and what repeats
/// an edge with the same attributes and labels. When every edge has its reverse with the same ones,
/// the two are one undirected edge; otherwise all are directed. Edge ids follow the graphs, and in
/// each the order of the file. A graph may be without nodes. fair_comparison_splits.json (.gz) in
/// the folder (Errica et al. 2020) becomes Dataset::splits, a split for each outer fold.
///
/// Error(not_found) for a file that is missing, Error(format) FILE:LINE for what is not a number,
/// for a node or a graph that does not exist, for graphs that do not ascend and for an edge between
/// two graphs, and naming both files where their lengths disagree.
Dataset read_tu(const std::string& folder);

}  // namespace AGATE_NAMESPACE::data
