#pragma once
// What layers make of AttentionArgs::message_weights.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

// Throws unless there is one weight for each message of the graph.
void check_message_weights(const char* layer, const Graph& graph, const Var& weights);

// The weights of the messages of `attended`, which is `graph` or `graph` with loops: those that a
// layer added weigh 1.
Var weights_of_attended(const Graph& graph, const Graph& attended, const Var& weights);

// The same, checked, of weights that may be missing.
std::optional<Var> weights_of_attended(const char* layer, const Graph& graph, const Graph& attended,
                                       const std::optional<Var>& weights);

// x (sources x C) -> messages x C.
Var message_rows(const Graph& graph, const Var& x);

}  // namespace AGATE_NAMESPACE::nn
