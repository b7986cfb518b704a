#pragma once
// Attention traced back through the layers (Abnar and Zuidema 2020).

#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::explain {

// From the share of each node behind a layer to that before it: half of what a node holds is its
// own and half comes by the attention, mean of the heads. What runs over an edge of the caller is
// added to its number.
void roll_back(const models::LayerAttention& layer, std::vector<double>& nodes,
               std::vector<double>& edges);

}  // namespace AGATE_NAMESPACE::explain
