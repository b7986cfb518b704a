#include <agate/nn/linear.hpp>
#include <agate/nn/link/pair_decoder.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>

#include "models/heads/head.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// Standard normal numbers that depend on the pass alone.
Var noise(Tape& tape, const Shape& shape) {
  const RandomKey key = tape.next_random();
  Random random(key.seed ^ (std::uint64_t{key.operation} << 32), key.step);
  Tensor values = tape.make(shape);
  for (Real& v : values.values()) v = static_cast<Real>(random.normal());
  return tape.constant(std::move(values));
}

// The mean over the nodes of the Kullback-Leibler divergence of N(mu, exp(log_std)^2) from the
// standard normal distribution.
Var divergence(const Var& mu, const Var& log_std) {
  const Var spread = exp(scale(log_std, 2));
  const Var inner = subtract(add(multiply(mu, mu), spread), scale(log_std, 2));
  const auto nodes = static_cast<Real>(std::max<Index>(1, mu.rows()));
  // Less the constant 1 of each channel, which has no gradient.
  return scale(sum(inner), Real(0.5) / nodes);
}

// A pair by its decoder; with `variational` (Kipf and Welling 2016) a node is a distribution, of
// which training draws and evaluation takes the mean. Parameters `lin.*` (post_linear, of layers
// that are blocks) and `decoder.*`.
class LinkHead : public Head {
 public:
  LinkHead(const ModelConfig& c, Index width, Random& random)
      : latent_(c.latent), variational_(c.variational) {
    const Index channels = c.latent * (c.variational ? 2 : 1);
    if (c.post_linear) lin_.emplace(nn::LinearOptions{.in = width, .out = channels}, random);
    decoder_ = nn::make_pair_decoder(c.decoder,
                                     {.channels = c.latent,
                                      .hidden = std::max(c.latent, c.hidden),
                                      .layers = c.head_layers,
                                      .dropout = static_cast<Real>(c.dropout)},
                                     random);
  }

  Var embedding(const Var& h) const override {
    const Var z = lin_ ? (*lin_)(h) : h;
    if (!variational_) return z;
    const Var mu = columns(z, 0, latent_);
    Tape& tape = z.tape();
    if (!tape.training()) return mu;
    const Var log_std = columns(z, latent_, 2 * latent_);
    // Kipf and Welling weigh the divergence by one over the nodes once more.
    tape.add_loss(
        scale(divergence(mu, log_std), 1 / static_cast<Real>(std::max<Index>(1, z.rows()))));
    return add(mu, multiply(noise(tape, mu.shape()), exp(log_std)));
  }
  Var operator()(const Var& z, const Input& input, Tensor*) const override {
    return (*decoder_)(z, input.graph, input.pairs);
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    if (lin_) lin_->visit_parameters(prefix + "lin.", visit);
    decoder_->visit_parameters(prefix + "decoder.", visit);
  }

 private:
  Index latent_;
  bool variational_;
  std::optional<nn::Linear> lin_;
  std::unique_ptr<nn::PairDecoder> decoder_;
};

}  // namespace

std::unique_ptr<Head> make_link_head(const ModelConfig& c, Index width, Random& random) {
  return std::make_unique<LinkHead>(c, width, random);
}

}  // namespace AGATE_NAMESPACE::models
