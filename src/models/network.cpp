#include "models/network.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>

namespace AGATE_NAMESPACE::models {

Network::Network(const ModelConfig& c, const ModelInfo& info, MakeLayer make, Random& random)
    : Model(c), whole_blocks_(info.blocks) {
  check(!info.blocks || (c.pre_linear && c.post_linear && !c.residual), ErrorCode::value, c.model,
        ": pre_linear = ", c.pre_linear, ", post_linear = ", c.post_linear,
        ", residual = ", c.residual,
        "; its blocks stand between two linear layers (1, 1) and have their own residuals (0)");
  const Index width =
      info.attention ? checked_product(c.hidden, c.heads, "model: hidden * heads") : c.hidden;
  Index in = c.in;
  if (c.pre_linear) {
    lin_in_.emplace(nn::LinearOptions{.in = in,
                                      .out = width,
                                      .bias = !c.embedding,
                                      .init = c.embedding ? nn::WeightInit::normal
                                                          : nn::WeightInit::kaiming_uniform},
                    random);
    in = width;
  }
  for (Index l = 0; l < c.layers; ++l) {
    const bool last = l + 1 == c.layers, output = last && !c.post_linear;
    Block block{make(c,
                     {.in = in,
                      .out = output ? c.out : c.hidden,
                      .heads = output ? c.output_heads : c.heads,
                      .concat = !output,
                      .number = l},
                     random),
                {},
                {},
                !info.blocks && (!last || (c.post_linear && c.post_activation))};
    const Index out = output ? c.out : width;
    if (c.residual) block.residual.emplace(nn::LinearOptions{.in = in, .out = out}, random);
    if (!output && !info.blocks) block.norm = nn::make_norm(c.norm, out);
    blocks_.push_back(std::move(block));
    in = out;
  }
  if (c.post_linear) lin_.emplace(nn::LinearOptions{.in = in, .out = c.out}, random);
}

Var Network::run(const Block& block, const Graph& graph, const Features& x,
                 std::vector<LayerAttention>* attention) const {
  Tensor weights;
  Var y = (*block.layer)(graph, x, {.edge_attr = {}, .weights = attention ? &weights : nullptr});
  // A layer that pays no attention to messages leaves them as they were.
  if (weights.shape().rank() == 2)
    attention->push_back({block.layer->attended_graph(graph), std::move(weights)});
  if (block.residual) y = add(y, (*block.residual)(x));
  if (block.norm) y = (*block.norm)(y);
  return block.activated ? activation(config().activation, y) : y;
}

Var Network::forward(const Graph& graph, const Features& x,
                     std::vector<LayerAttention>* attention) const {
  const auto p = static_cast<Real>(config().dropout);
  // With a mask for each head the layers themselves drop their input.
  const Real outer = config().dropout_per_head ? 0 : p,
             between = whole_blocks_ || !config().drop_hidden ? 0 : outer;
  Features h = config().drop_features ? dropout(x, outer) : x;
  if (lin_in_) h = dropout(Features(activation(config().activation, (*lin_in_)(h))), between);
  for (std::size_t l = 0; l + 1 < blocks_.size(); ++l)
    h = dropout(Features(run(blocks_[l], graph, h, attention)), between);
  const Var last = run(blocks_.back(), graph, h, attention);
  return lin_ ? (*lin_)(dropout(Features(last), outer)) : last;
}

void Network::visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) {
  const std::string layers = config().model == "mlp" ? "lins." : "convs.";
  if (lin_in_) lin_in_->visit_parameters(prefix + "lin_in.", visit);
  for (std::size_t l = 0; l < blocks_.size(); ++l) {
    const std::string number = std::to_string(l) + ".";
    Block& block = blocks_[l];
    block.layer->visit_parameters(prefix + layers + number, visit);
    if (block.residual) block.residual->visit_parameters(prefix + "residuals." + number, visit);
    if (block.norm) block.norm->visit_parameters(prefix + "norms." + number, visit);
  }
  if (lin_) lin_->visit_parameters(prefix + "lin.", visit);
}

}  // namespace AGATE_NAMESPACE::models
