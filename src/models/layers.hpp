#pragma once
// The layers that the networks of the registry are stacked from, behind one interface.

#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::models {

class Layer : public nn::Module {
 public:
  // With `attention`, attention layers add what they paid.
  virtual Var operator()(const Graph& graph, const Features& x,
                         std::vector<LayerAttention>* attention) const = 0;
};

// What a layer makes of how many columns. `heads` and `concat` count for attention layers.
struct LayerShape {
  Index in, out, heads;
  bool concat;
};

using MakeLayer = std::unique_ptr<Layer> (*)(const ModelConfig&, const LayerShape&, Random&);

std::unique_ptr<Layer> make_gat(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gatv2(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_transformer(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gcn(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_sage(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_gin(const ModelConfig&, const LayerShape&, Random&);
std::unique_ptr<Layer> make_linear(const ModelConfig&, const LayerShape&, Random&);

}  // namespace AGATE_NAMESPACE::models
