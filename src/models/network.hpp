#pragma once
// A stack of layers of one kind.

#include <agate/nn/linear.hpp>
#include <agate/nn/norm/norm.hpp>

#include "models/layers.hpp"

namespace AGATE_NAMESPACE::models {

//   h = activation(lin_in(x))                                   with pre_linear
//   h = activation(norm(layer(dropout(h)) [+ residual(dropout(h))]))      for each layer
//   y = lin(dropout(h))                                         with post_linear
// Without post_linear the last layer makes the output, with neither norm nor activation. Layers
// that are whole blocks (ModelInfo::blocks) stand between pre_linear and post_linear, one directly
// after the other: h = layer(h).
//
// Parameters: `convs.0.*` (`lins.0.*` for plain linear layers), `norms.0.*`, `residuals.0.*`,
// `lin_in.*`, `lin.*`.
class Network : public Model {
 public:
  Network(const ModelConfig& config, const ModelInfo& info, MakeLayer make, Random& random);
  Var forward(const Graph& graph, const Features& x,
              std::vector<LayerAttention>* attention) const override;
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override;

 private:
  struct Block {
    std::unique_ptr<Layer> layer;
    std::optional<nn::Linear> residual;
    std::unique_ptr<nn::Norm> norm;
    bool activated;
  };
  Var run(const Block& block, const Graph& graph, const Features& x,
          std::vector<LayerAttention>* attention) const;

  bool whole_blocks_;
  std::optional<nn::Linear> lin_in_, lin_;
  std::vector<Block> blocks_;
};

}  // namespace AGATE_NAMESPACE::models
