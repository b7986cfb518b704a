#pragma once
/// \file
/// From features of the caller's edges to terms of the messages that attention runs over.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>
#include <string>
#include <variant>

namespace AGATE_NAMESPACE {

/// What the loops that the library added get: a number, or "mean", "add", "min" or "max" of the
/// rows of the other messages into the node (0 where there are none), as in PyTorch Geometric's
/// add_self_loops.
using FillValue = std::variant<std::string, Real>;

/// edge_attr (edges x d, by the caller's edge ids) -> messages x d, in the order of the messages of
/// `graph`: an undirected edge gives its row to both of its messages. Error(shape) when the rows
/// are not as many as edges, Error(value) for another fill value.
Var edge_messages(const Graph& graph, const Var& edge_attr, const FillValue& fill = "mean");

}  // namespace AGATE_NAMESPACE
