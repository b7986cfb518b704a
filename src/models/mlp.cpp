#include <agate/nn/linear.hpp>
#include <agate/tensor/activations.hpp>

#include "models/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

class Mlp : public Model {
 public:
  Mlp(const ModelConfig& config, Random& random) : Model(config) {
    for (Index l = 0; l < config.layers; ++l)
      layers_.emplace_back(
          nn::LinearOptions{.in = l == 0 ? config.in : config.hidden,
                            .out = l + 1 == config.layers ? config.out : config.hidden,
                            .bias = config.bias},
          random);
  }

  Var forward(const Graph&, const Features& x, std::vector<LayerAttention>*) const override {
    const auto p = static_cast<Real>(config().dropout);
    Var h = layers_.front()(dropout(x, p));
    for (std::size_t l = 1; l < layers_.size(); ++l)
      h = layers_[l](dropout(activation(config().activation, h), p));
    return h;
  }

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    for (std::size_t l = 0; l < layers_.size(); ++l)
      layers_[l].visit_parameters(prefix + "lins." + std::to_string(l) + ".", visit);
  }

 private:
  std::vector<nn::Linear> layers_;
};

}  // namespace

std::unique_ptr<Model> make_mlp(const ModelConfig& config, Random& random) {
  return std::make_unique<Mlp>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
