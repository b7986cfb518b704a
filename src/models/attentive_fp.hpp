#pragma once
// The atoms of AttentiveFP (Xiong et al. 2019), as PyTorch Geometric has it.

#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gate_conv.hpp>
#include <agate/nn/linear.hpp>
#include <agate/nn/recurrent/gru_cell.hpp>

#include "models/encoder.hpp"

namespace AGATE_NAMESPACE::models {

//   x = LeakyReLU(lin1(x))
//   x = ReLU(GRUCell(dropout(ELU(conv(x))), x))   for each layer: GATEConv, then GATConvs of a head
// with as many channels throughout and slopes of 0.01. Of the configuration count layers, hidden,
// dropout, attention_dropout, edge_dim and drop_features.
//
// Parameters, for whole graphs beside those of the molecule (heads/graph_head.cpp): `lin1.*`,
// `gate_conv.*`, `gru.*`, `atom_convs.0.*`, `atom_grus.0.*`, ...
class AttentiveFPEncoder : public Encoder {
 public:
  // Error(value) for options that would change what it is.
  AttentiveFPEncoder(const ModelConfig& config, Index open_end, Random& random);
  Var operator()(const Input& input, std::vector<LayerAttention>* attention) const override;
  Index out_channels() const override { return config_.hidden; }
  std::size_t num_layers() const override { return atom_convs_.size() + 1; }
  Features start(const Features& x) const override { return x; }
  Var layer(std::size_t number, const Input& input, const Features& h) const override {
    return run(number, input, h, nullptr);
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override;

 private:
  Var run(std::size_t layer, const Input& input, const Features& h,
          std::vector<LayerAttention>* attention) const;
  Var first(const Input& input, const Features& features,
            std::vector<LayerAttention>* attention) const;
  template <class Conv, class Rows>
  Var step(const Conv& conv, const nn::GRUCell& gru, const Input& input, const Rows& x,
           const std::optional<Var>& edge_attr, std::vector<LayerAttention>* attention) const;

  ModelConfig config_;
  nn::Linear lin1_;
  nn::GATEConv gate_conv_;
  nn::GRUCell gru_;
  std::vector<nn::GATConv> atom_convs_;
  std::vector<nn::GRUCell> atom_grus_;
};

}  // namespace AGATE_NAMESPACE::models
