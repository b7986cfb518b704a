#pragma once
// The layers that the networks of the registry are stacked from, behind one interface.

#include <agate/models/model.hpp>
#include <agate/nn/conv/graph_layer.hpp>

namespace AGATE_NAMESPACE::models {

using Layer = nn::GraphLayer;

// What a layer makes of how many columns. `heads` and `concat` count for attention layers.
struct LayerShape {
  Index in, out, heads;
  bool concat;
  Index number;  // of the layer in the network, from 0
};

using MakeLayer = std::unique_ptr<Layer> (*)(const ModelConfig&, const LayerShape&, Random&);

std::unique_ptr<Layer> make_gat(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gatv2(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_transformer_conv(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_agnn(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_supergat(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_dense_gat(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_dense_transformer(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_rfa(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gps(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gcn(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_sage(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gin(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gine(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_linear(const ModelConfig&, const LayerShape&, Random&);

}  // namespace AGATE_NAMESPACE::models
