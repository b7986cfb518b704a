#pragma once
/// \file
/// What a graph layer attended to, as matrices for a heat map.

#include <agate/explain/heat_map.hpp>
#include <agate/models/model.hpp>
#include <span>

namespace AGATE_NAMESPACE::explain {

/// Of more heads than this only the mean is shown.
constexpr Index most_head_panels = 4;

/// A panel for each head, or one of their mean: what the nodes named (queries, in that order) paid
/// to each other (keys); NaN where there is no edge, and where there are several their sum. `names`
/// are the labels, one for each of these nodes. Error(shape) when they are not as many, when a node
/// is not of the graph, or when the weights are not one row for each message; Error(unsupported)
/// for a bipartite graph.
std::vector<HeatPanel> attention_panels(const models::LayerAttention& attention,
                                        std::span<const Index> nodes,
                                        const std::vector<std::string>& names);

/// Leaves out, in panels of attention_panels, the rows of nodes that look at nothing but
/// themselves, and the columns of nodes that no row left looks at; all stay when no row would be
/// left.
void leave_out_idle(std::vector<HeatPanel>& panels);

}  // namespace AGATE_NAMESPACE::explain
