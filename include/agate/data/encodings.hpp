#pragma once
/// \file
/// Structural encodings: features of a node computed from the graph alone. Self-loops are ignored
/// throughout, so that a graph with and without them gives the same; an edge listed twice counts
/// twice. Error(unsupported) for a bipartite graph. Deterministic, for any number of threads.

#include <agate/core/config.hpp>
#include <agate/graph/graph.hpp>
#include <agate/tensor/tensor.hpp>

namespace AGATE_NAMESPACE::data {

/// nodes x 1: log(1 + in-degree).
Tensor degree_encoding(const Graph& graph);

/// nodes x 1: log(1 + out-degree); that of an undirected graph is its degree.
Tensor out_degree_encoding(const Graph& graph);

/// nodes x steps: the probability that a random walk, which leaves a node by each of its outgoing
/// edges with the same chance, is back at its start after 1 .. steps steps: the diagonals of
/// (D^-1 A)^k (Dwivedi et al. 2022). Exact. The work is steps x nodes x edges: Error(limit) for
/// more than 50,000 nodes. Error(value) unless steps is positive.
Tensor random_walk_encoding(const Graph& graph, int steps);

/// nodes x k: the eigenvectors of D^-1/2 A D^-1/2 with the largest eigenvalues, largest first,
/// without the trivial ones (eigenvalue 1, one for each connected component): those of the
/// normalised Laplacian with the smallest eigenvalues (Dwivedi et al. 2020). A directed graph is
/// symmetrised first. Each column has the norm sqrt(nodes), its entry of largest magnitude is
/// positive; isolated nodes are 0, and so are columns beyond the number of such eigenvectors.
/// Error(value) unless k is positive; Error(limit) when k asks for too much memory, or when the
/// eigenvectors are not found within a fixed number of iterations.
Tensor spectral_encoding(const Graph& graph, int k);

}  // namespace AGATE_NAMESPACE::data
