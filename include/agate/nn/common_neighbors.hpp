#pragma once
/// \file
/// The matrix by which a decoder adds up what is known of the common neighbours of each pair (Wang,
/// Yang and Zhang, "Neural Common Neighbor with Completion for Link Prediction", ICLR 2024).

#include <agate/graph/common_neighbors.hpp>
#include <agate/tensor/sparse.hpp>

namespace AGATE_NAMESPACE::nn {

/// C (pairs x nodes): C(p, z) is the weight of z where z is a common neighbour of pair p, as
/// agate::common_neighbors has it: the edge of a pair does not change its row. C h is for each pair
/// the (weighted) sum of the rows of h of its common neighbours. Errors as there.
SparseMatrix common_neighbor_matrix(const Graph& graph, std::span<const Edge> pairs,
                                    NeighborWeight weight = NeighborWeight::one, int threads = 0);

}  // namespace AGATE_NAMESPACE::nn
