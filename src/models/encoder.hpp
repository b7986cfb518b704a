#pragma once
// From features to a representation of each node.

#include <agate/core/parallel.hpp>
#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::models {

class Encoder : public nn::Module {
 public:
  virtual Var operator()(const Input& input, std::vector<LayerAttention>* attention) const = 0;
  // Whether the output is the concatenation of layers().
  virtual bool concatenates() const { return false; }
  // What `read` makes, at once, of each of the parts that the output is made of.
  virtual std::vector<Var> layers(const Input& input, std::vector<LayerAttention>* attention,
                                  FunctionRef<Var(const Var& layer)> read) const {
    return {read((*this)(input, attention))};
  }
  virtual Index out_channels() const = 0;
};

// What the layers see of the edges; Error(shape) unless it has config.edge_dim columns. Graphs
// without edges have no features of edges either.
std::optional<Var> edge_attr_of(const ModelConfig& config, const Input& input);

// Error(value) unless blocks (ModelInfo::blocks) stand where they can.
void check_blocks(const ModelConfig& config, Index open_end);

}  // namespace AGATE_NAMESPACE::models
