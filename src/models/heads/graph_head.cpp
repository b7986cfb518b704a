#include <agate/nn/linear.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/rows.hpp>
#include <array>

#include "models/heads/head.hpp"
#include "models/heads/perceptron.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

std::unique_ptr<nn::Readout> readout_of(const ModelConfig& c, Index width, Random& random) {
  return nn::make_readout(c.readout, width, random,
                          {.timesteps = c.timesteps,
                           .dropout = static_cast<Real>(c.dropout),
                           .attention_dropout = static_cast<Real>(c.attention_dropout)});
}

// read(offsets) for graphs of so many nodes in all.
template <class Read>
Var of_graphs(const Input& input, Index nodes, Read read) {
  const std::array<Index, 2> one{0, nodes};
  return read(input.offsets.empty() ? std::span<const Index>(one) : input.offsets);
}

// y = MLP(dropout(readout of the nodes of each graph)). Parameters `readout.*`, `head.*`.
class GraphHead : public Head {
 public:
  GraphHead(const ModelConfig& c, Index width, Random& random)
      : dropout_(static_cast<Real>(c.dropout)),
        readout_(readout_of(c, width, random)),
        mlp_(perceptron(c, readout_->out_channels(), width, random)) {}

  Var operator()(const Var& h, const Input& input, Tensor* node_weights) const override {
    return output(of_graphs(input, h.rows(), [&](auto offsets) {
      return readout_->with_weights(h, offsets, node_weights);
    }));
  }
  // A layer is summed up while it is in the cache, and there is one row of each graph to put
  // together where there are many of its nodes.
  Var read(const Var& layer, const Input& input) const override {
    if (!readout_->by_column()) return layer;
    return of_graphs(input, layer.rows(),
                     [&](auto offsets) { return readout_->of_part(layer, offsets); });
  }
  Var of_layers(const std::vector<Var>& read, const Input& input) const override {
    const Var all = concat(read);
    return readout_->by_column() ? output(all) : (*this)(all, input, nullptr);
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    readout_->visit_parameters(prefix + "readout.", visit);
    mlp_.visit_parameters(prefix + "head.", visit);
  }

 private:
  Var output(const Var& graphs) const { return mlp_(dropout(graphs, dropout_)); }

  Real dropout_;
  std::unique_ptr<nn::Readout> readout_;
  nn::MLP mlp_;
};

// The same under the names that PyTorch Geometric's AttentiveFP has for it, and with one linear
// layer whatever head_layers: `mol_conv.*`, `mol_gru.*`, `lin2.*`.
class MoleculeHead : public Head {
 public:
  MoleculeHead(const ModelConfig& c, Index width, Random& random)
      : dropout_(static_cast<Real>(c.dropout)),
        readout_(readout_of(c, width, random)),
        lin2_({.in = readout_->out_channels(), .out = c.out}, random) {}

  Var operator()(const Var& h, const Input& input, Tensor* node_weights) const override {
    const Var molecules = of_graphs(input, h.rows(), [&](auto offsets) {
      return readout_->with_weights(h, offsets, node_weights);
    });
    return lin2_(dropout(molecules, dropout_));
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    readout_->visit_parameters(prefix, visit);
    lin2_.visit_parameters(prefix + "lin2.", visit);
  }

 private:
  Real dropout_;
  std::unique_ptr<nn::Readout> readout_;
  nn::Linear lin2_;
};

}  // namespace

std::unique_ptr<Head> make_graph_head(const ModelConfig& c, Index width, Random& random) {
  if (c.model == "attentive_fp" && c.readout == "attentive_fp")
    return std::make_unique<MoleculeHead>(c, width, random);
  return std::make_unique<GraphHead>(c, width, random);
}

}  // namespace AGATE_NAMESPACE::models
