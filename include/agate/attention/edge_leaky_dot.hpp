#pragma once
/// \file
/// A number for each message from what its source and its edge hold: the first half of the score
/// of AttentiveFP (Xiong et al. 2019, see nn/conv/gate_conv.hpp).

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(k) = sum over c of vector(c) * LeakyReLU(source(j, c) + edge(e, c)) for message k, from j, of
/// edge e: source (sources x channels), edge (edges x channels, by the caller's edge ids; loops
/// that the library added have none), vector of `channels` elements, y (messages x 1). Nothing of
/// size messages x channels is made. Error(shape) when they do not fit, Error(value) for a negative
/// slope. Bit-identical for any number of threads.
Var edge_leaky_dot(const Graph& graph, const Var& source, const Var& edge, const Var& vector,
                   Real negative_slope);

}  // namespace AGATE_NAMESPACE
