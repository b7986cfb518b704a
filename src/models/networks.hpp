#pragma once
// The networks of the registry. Parameters are named as in torch_geometric.nn's GAT, GCN and MLP:
// convs.0.lin.weight, lins.1.bias, ...

#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::models {

std::unique_ptr<Model> make_mlp(const ModelConfig& config, Random& random);
std::unique_ptr<Model> make_gcn(const ModelConfig& config, Random& random);
std::unique_ptr<Model> make_gat(const ModelConfig& config, Random& random);

}  // namespace AGATE_NAMESPACE::models
