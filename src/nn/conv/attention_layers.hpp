#pragma once
// What the sources of the attention layers share: checks, and what follows attention.

#include <agate/attention/attend.hpp>
#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>

#include "nn/conv/check_nodes.hpp"
#include "nn/conv/message_weights.hpp"

namespace AGATE_NAMESPACE::nn {

// Throws unless in, out and heads are at least 1 and edge_dim is not negative; heads * out.
Index check_sizes(const char* layer, Index in, Index out, Index heads, Index edge_dim);

// Throws unless there are features of edges where edge_dim wants them, as many as it says.
void check_edge_attr(const char* layer, Index edge_dim, const AttentionArgs& args);

// edge_attr as rows of the messages; nothing for a layer without edge features.
std::optional<Var> message_attr(const char* layer, const Graph& attended, Index edge_dim,
                                const FillValue& fill, const AttentionArgs& args);

// Heads concatenated or averaged, + projection of x_dst, + bias.
Var finish(const Var& attended, Index heads, bool concat, const Features& x_dst,
           const std::optional<Parameter>& res, const std::optional<Parameter>& bias);

}  // namespace AGATE_NAMESPACE::nn
