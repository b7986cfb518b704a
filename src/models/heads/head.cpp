#include "models/heads/head.hpp"

#include <agate/tensor/rows.hpp>

#include "models/heads/perceptron.hpp"

namespace AGATE_NAMESPACE::models {

Index open_end(const ModelConfig& c) {
  if (c.task == "graph") return 0;
  if (c.task == "link" && !c.post_linear) return c.latent * (c.variational ? 2 : 1);
  if (c.post_linear) return 0;
  return c.task == "edge" ? c.latent : c.out;
}

Var Head::of_layers(const std::vector<Var>& read, const Input& input) const {
  return (*this)(embedding(concat(read)), input, nullptr);
}

std::unique_ptr<Head> make_head(const ModelConfig& c, Index width, Random& random) {
  if (c.task == "graph") return make_graph_head(c, width, random);
  if (c.task == "link") return make_link_head(c, width, random);
  if (c.task == "edge") return make_edge_head(c, width, random);
  return make_node_head(c, width, random);
}

nn::MLP perceptron(const ModelConfig& c, Index in, Index hidden, Random& random) {
  std::vector<Index> channels{in};
  channels.insert(channels.end(), static_cast<std::size_t>(c.head_layers - 1), hidden);
  channels.push_back(c.out);
  return nn::MLP(
      {.channels = channels, .activation = c.activation, .dropout = static_cast<Real>(c.dropout)},
      random);
}

}  // namespace AGATE_NAMESPACE::models
