#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/tensor/activations.hpp>

#include "models/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

class Gcn : public Model {
 public:
  Gcn(const ModelConfig& config, Random& random) : Model(config) {
    for (Index l = 0; l < config.layers; ++l)
      convs_.emplace_back(
          nn::GCNConvOptions{.in = l == 0 ? config.in : config.hidden,
                             .out = l + 1 == config.layers ? config.out : config.hidden,
                             .add_self_loops = config.self_loops,
                             .bias = config.bias},
          random);
  }

  Var forward(const Graph& graph, const Features& x, std::vector<LayerAttention>*) const override {
    const auto p = static_cast<Real>(config().dropout);
    Var h = convs_.front()(graph, dropout(x, p));
    for (std::size_t l = 1; l < convs_.size(); ++l)
      h = convs_[l](graph, dropout(activation(config().activation, h), p));
    return h;
  }

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    for (std::size_t l = 0; l < convs_.size(); ++l)
      convs_[l].visit_parameters(prefix + "convs." + std::to_string(l) + ".", visit);
  }

 private:
  std::vector<nn::GCNConv> convs_;
};

}  // namespace

std::unique_ptr<Model> make_gcn(const ModelConfig& config, Random& random) {
  return std::make_unique<Gcn>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
