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

  // The same pass in parts, in evaluation and without a virtual node: what stands before the
  // layers, one layer, and what is made of the outputs of all of them (of the last one, unless
  // joins()).
  virtual std::size_t num_layers() const = 0;
  virtual Features start(const Features& x) const = 0;
  virtual Var layer(std::size_t number, const Input& input, const Features& h) const = 0;
  virtual bool joins() const { return false; }
  virtual Var join(const std::vector<Var>& outputs) const { return outputs.back(); }
};

// What the layers see of the edges; Error(shape) unless it has config.edge_dim columns. Graphs
// without edges have no features of edges either.
std::optional<Var> edge_attr_of(const ModelConfig& config, const Input& input);

// Error(value) unless blocks (ModelInfo::blocks) stand where they can.
void check_blocks(const ModelConfig& config, Index open_end);

}  // namespace AGATE_NAMESPACE::models
