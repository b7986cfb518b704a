#pragma once
// A stack of layers of one kind.

#include <agate/nn/linear.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <agate/nn/norm/layer_norm.hpp>

#include "models/layers.hpp"

namespace AGATE_NAMESPACE::models {

//   h = activation(lin_in(x))                                   with pre_linear
//   h = activation(norm(layer(dropout(h)) [+ residual(dropout(h))]))      for each layer
//   y = lin(dropout(h))                                         with post_linear
// Without post_linear the last layer makes the output, with neither norm nor activation.
//
// Parameters: `convs.0.*` (`lins.0.*` for plain linear layers), `norms.0.*`, `residuals.0.*`,
// `lin_in.*`, `lin.*`.
class Network : public Model {
 public:
  Network(const ModelConfig& config, bool attention, MakeLayer make, Random& random);
  Var forward(const Graph& graph, const Features& x,
              std::vector<LayerAttention>* attention) const override;
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override;

 private:
  struct Block {
    std::unique_ptr<Layer> layer;
    std::optional<nn::Linear> residual;
    std::optional<nn::BatchNorm> batch_norm;
    std::optional<nn::LayerNorm> layer_norm;
    bool activated;
  };
  Var run(const Block& block, const Graph& graph, const Features& x,
          std::vector<LayerAttention>* attention) const;

  std::optional<nn::Linear> lin_in_, lin_;
  std::vector<Block> blocks_;
};

}  // namespace AGATE_NAMESPACE::models
