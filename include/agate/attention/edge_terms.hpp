#pragma once
/// \file
/// Numbers of pairs of nodes, for the messages of a graph alone: memory grows with messages x
/// heads, never with messages x heads x channels.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(k, h) = sum over c of query(i, h, c) * key(j, h, c) for message k, from j to i: query
/// (targets x heads * channels), key (sources x heads * channels), y (messages x heads).
/// Error(shape) when they do not fit each other, the heads or the graph.
Var edge_dot(const Graph& graph, const Var& query, const Var& key, Index heads = 1);

/// y(k, h) = target(i, h) + source(j, h) for message k, from j to i: target (targets x heads),
/// source (sources x heads), y (messages x heads). Error(shape) when they do not fit.
Var edge_add(const Graph& graph, const Var& target, const Var& source);

}  // namespace AGATE_NAMESPACE
