#pragma once
// What makes of the representations of nodes what is said of the items of a task.

#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::models {

class Head : public nn::Module {
 public:
  // h: nodes x width. In training a head may add a loss to the pass. A head that weighs nodes fills
  // `node_weights`, where given.
  virtual Var operator()(const Var& h, const Input& input, Tensor* node_weights) const = 0;
  // Where h is a concatenation of the outputs of layers: what is read of one of them as soon as it
  // is made, and the same of all that was read.
  virtual Var read(const Var& layer, const Input&) const { return layer; }
  virtual Var of_layers(const std::vector<Var>& read, const Input& input) const;
  // The representation of each node that pairs are scored by and pictures are drawn of.
  virtual Var embedding(const Var& h) const { return h; }
};

// Of how many channels the encoder's last layer is that a head stands on; 0: as wide as the others,
// with norm and activation.
Index open_end(const ModelConfig& config);

// `width`: channels of h.
std::unique_ptr<Head> make_node_head(const ModelConfig& config, Index width, Random& random);
std::unique_ptr<Head> make_edge_head(const ModelConfig& config, Index width, Random& random);
std::unique_ptr<Head> make_link_head(const ModelConfig& config, Index width, Random& random);
std::unique_ptr<Head> make_graph_head(const ModelConfig& config, Index width, Random& random);
// The one of the configuration's task.
std::unique_ptr<Head> make_head(const ModelConfig& config, Index width, Random& random);

}  // namespace AGATE_NAMESPACE::models
