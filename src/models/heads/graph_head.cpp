#include <agate/nn/pool/readout.hpp>
#include <agate/tensor/dropout.hpp>
#include <array>

#include "models/heads/head.hpp"
#include "models/heads/perceptron.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// y = MLP(dropout(readout of the nodes of each graph)). Parameters `readout.*`, `head.*`.
class GraphHead : public Head {
 public:
  GraphHead(const ModelConfig& c, Index width, Random& random)
      : dropout_(static_cast<Real>(c.dropout)),
        readout_(nn::make_readout(c.readout, width, random)),
        mlp_(perceptron(c, readout_->out_channels(), width, random)) {}

  Var operator()(const Var& h, const Input& input) const override {
    return of_readout(input, h.rows(), [&](auto offsets) { return (*readout_)(h, offsets); });
  }
  Var side_by_side(const std::vector<Var>& layers, const Input& input) const override {
    return of_readout(input, layers.front().rows(),
                      [&](auto offsets) { return readout_->side_by_side(layers, offsets); });
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    readout_->visit_parameters(prefix + "readout.", visit);
    mlp_.visit_parameters(prefix + "head.", visit);
  }

 private:
  template <class Read>
  Var of_readout(const Input& input, Index nodes, Read read) const {
    const std::array<Index, 2> one{0, nodes};
    const auto offsets = input.offsets.empty() ? std::span<const Index>(one) : input.offsets;
    return mlp_(dropout(read(offsets), dropout_));
  }

  Real dropout_;
  std::unique_ptr<nn::Readout> readout_;
  nn::MLP mlp_;
};

}  // namespace

std::unique_ptr<Head> make_graph_head(const ModelConfig& c, Index width, Random& random) {
  return std::make_unique<GraphHead>(c, width, random);
}

}  // namespace AGATE_NAMESPACE::models
