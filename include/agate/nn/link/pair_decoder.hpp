#pragma once
/// \file
/// Pair decoders: how likely two nodes are linked, from their representations. Higher is likelier;
/// sigmoid makes it a probability.

#include <agate/graph/graph.hpp>
#include <agate/nn/module.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// A score for pairs of nodes; pair_decoder() makes one by name.
class PairDecoder : public Module {
 public:
  /// z (nodes x channels) -> pairs x 1. Of the graph only some decoders look at the links. They
  /// take no notice of a link between the two nodes themselves. Error(shape) for a node that does
  /// not exist or other channels.
  virtual Var operator()(const Var& z, const Graph& graph, std::span<const Edge> pairs) const = 0;
};

/// Sizes of a decoder; what has no such part does not look at them.
struct PairDecoderOptions {
  Index channels = 0;  ///< of z
  Index hidden = 0;    ///< of a perceptron's hidden layers
  Index layers = 2;    ///< linear layers of a perceptron
  Real dropout = 0;    ///< between them
};

/// `dot`               z_i . z_j (Kipf and Welling 2016, the decoder of GAE); no parameters
/// `bilinear`          z_i . W z_j + b, not symmetric; `weight` (channels, channels), `bias` (1)
/// `hadamard`          MLP(z_i * z_j), element by element; `mlp.0.weight`, ...
/// `distance`          shift - scale |z_i - z_j|^2 with a scale that stays positive (its
///                     logarithm is learned); `log_scale` (1), `shift` (1)
/// `common_neighbors`  MLP([z_i * z_j, sum of z_u over the common neighbours u, and how many of
///                     them there are, weighed 1, 1 / log degree and 1 / degree]) (after Wang,
///                     Yang and Zhang, "Neural Common Neighbor", ICLR 2024; the counts are those of
///                     the classical heuristics, as log(1 + count)); `mlp.0.weight`, ...
const std::vector<std::string>& pair_decoder_names();

/// Error(usage) for another name, with the nearest known.
std::unique_ptr<PairDecoder> make_pair_decoder(const std::string& name,
                                               const PairDecoderOptions& options, Random& random);

}  // namespace AGATE_NAMESPACE::nn
