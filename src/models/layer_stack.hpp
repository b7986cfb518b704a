#pragma once
// A stack of layers of one kind: from features to a representation of each node.

#include <agate/nn/jumping_knowledge.hpp>
#include <agate/nn/linear.hpp>
#include <agate/nn/norm/norm.hpp>
#include <agate/nn/virtual_node.hpp>

#include "models/encoder.hpp"
#include "models/layers.hpp"

namespace AGATE_NAMESPACE::models {

//   h = activation(lin_in(x))                                              with pre_linear
//   h = activation(norm(layer(dropout(h)) [+ residual(dropout(h))]))       for each layer
// With an open end the last layer makes the output of so many channels, with neither norm nor
// activation; otherwise jumping knowledge may look at all layers. A virtual node adds what it holds
// before each layer. Layers that are whole blocks (ModelInfo::blocks) stand behind pre_linear, one
// directly after the other: h = layer(h).
//
// Parameters: `convs.0.*` (`lins.0.*` for plain linear layers), `norms.0.*`, `residuals.0.*`,
// `lin_in.*`, `jk.*`, `virtual_node.*`.
class LayerStack : public Encoder {
 public:
  // `open_end` 0: closed.
  LayerStack(const ModelConfig& config, const ModelInfo& info, MakeLayer make, Index open_end,
             Random& random);
  Var operator()(const Input& input, std::vector<LayerAttention>* attention) const override;
  bool concatenates() const override { return config_.jk == "cat"; }
  // The outputs of all layers with jumping knowledge, of the last one without.
  std::vector<Var> layers(const Input& input, std::vector<LayerAttention>* attention,
                          FunctionRef<Var(const Var& layer)> read) const override;
  Index out_channels() const override { return out_; }

  Features start(const Features& x) const override;
  Var layer(std::size_t number, const Input& input, const Features& h) const override;
  Var join(const std::vector<Var>& outputs) const override;
  std::size_t num_layers() const override { return blocks_.size(); }
  bool joins() const override { return jk_.has_value(); }  // jumping knowledge
  bool has_start() const { return lin_in_.has_value(); }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override;

 private:
  struct Block {
    std::unique_ptr<Layer> layer;
    std::optional<nn::Linear> residual;
    std::unique_ptr<nn::Norm> norm;
    bool activated;
  };
  Var run(const Block& block, const Input& input, const std::optional<Var>& edge_attr,
          const Features& x, std::vector<LayerAttention>* attention) const;

  ModelConfig config_;
  bool whole_blocks_;
  std::optional<nn::Linear> lin_in_;
  std::vector<Block> blocks_;
  std::optional<nn::VirtualNode> virtual_node_;
  std::optional<nn::JumpingKnowledge> jk_;
  Index out_;
};

}  // namespace AGATE_NAMESPACE::models
