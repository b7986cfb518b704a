#pragma once
/// \file
/// The sum of rectified messages: what GINEConv collects, as one operation.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// y_i = sum over the messages j -> i of ReLU(x_j + e), with the row e of `edge` of the edge that
/// owns the message; both messages of an undirected edge have the same, a loop that the library
/// added (id -1) has none, and without `edge` no message has any.
///
/// x (sources x C), edge (edges x C, by the caller's edge ids) -> targets x C; zero where there is
/// no message. Nothing of size messages x C is kept. Bit-identical for any number of threads.
/// Error(shape) when x or edge does not fit the graph.
Var relu_messages(const Graph& graph, const Var& x, const std::optional<Var>& edge = {});

}  // namespace AGATE_NAMESPACE::nn
