#include <agate/core/error.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/tensor/activations.hpp>

#include "models/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

class Gat : public Model {
 public:
  Gat(const ModelConfig& config, Random& random) : Model(config) {
    for (Index l = 0; l < config.layers; ++l) {
      const bool first = l == 0, last = l + 1 == config.layers;
      convs_.emplace_back(
          nn::GATConvOptions{
              .in = first ? config.in
                          : checked_product(config.hidden, config.heads, "gat: hidden * heads"),
              .out = last ? config.out : config.hidden,
              .heads = last ? config.output_heads : config.heads,
              .concat = !last,
              .negative_slope = static_cast<Real>(config.negative_slope),
              .dropout = static_cast<Real>(config.attention_dropout),
              .add_self_loops = config.self_loops,
              .bias = config.bias,
              .input_dropout = config.dropout_per_head ? static_cast<Real>(config.dropout) : 0,
              .value_dropout = static_cast<Real>(config.value_dropout),
              .attention_bias = config.attention_bias,
              .init = config.init == "paper" ? nn::GatInit::paper : nn::GatInit::pyg},
          random);
    }
  }

  Var forward(const Graph& graph, const Features& x,
              std::vector<LayerAttention>* attention) const override {
    // With a mask per head the layer itself drops its input.
    const Real p = config().dropout_per_head ? 0 : static_cast<Real>(config().dropout);
    auto run = [&](const nn::GATConv& conv, const Features& input) {
      if (!attention) return conv(graph, dropout(input, p));
      Tensor weights;
      const Var y = conv(graph, dropout(input, p), {.edge_attr = {}, .weights = &weights});
      attention->push_back({conv.attended_graph(graph), std::move(weights)});
      return y;
    };
    Var h = run(convs_.front(), x);
    for (std::size_t l = 1; l < convs_.size(); ++l)
      h = run(convs_[l], activation(config().activation, h));
    return h;
  }

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    for (std::size_t l = 0; l < convs_.size(); ++l)
      convs_[l].visit_parameters(prefix + "convs." + std::to_string(l) + ".", visit);
  }

 private:
  std::vector<nn::GATConv> convs_;
};

}  // namespace

std::unique_ptr<Model> make_gat(const ModelConfig& config, Random& random) {
  return std::make_unique<Gat>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
