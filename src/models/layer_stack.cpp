#include "models/layer_stack.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <array>

namespace AGATE_NAMESPACE::models {
namespace {

Index width_of(const ModelConfig& c, const ModelInfo& info) {
  return info.attention ? checked_product(c.hidden, c.heads, "model: hidden * heads") : c.hidden;
}

}  // namespace

LayerStack::LayerStack(const ModelConfig& c, const ModelInfo& info, MakeLayer make, Index open_end,
                       Random& random)
    : config_(c), whole_blocks_(info.blocks) {
  if (info.blocks) check_blocks(c, open_end);
  check(c.layers >= 1, ErrorCode::value, c.model, ": layers = ", c.layers, ", expected at least 1");
  const Index width = width_of(c, info);
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
    const bool last = l + 1 == c.layers, open = last && open_end > 0;
    Block block{make(c,
                     {.in = in,
                      .out = open ? open_end : c.hidden,
                      .heads = open ? c.output_heads : c.heads,
                      .concat = !open,
                      .number = l},
                     random),
                {},
                {},
                !info.blocks && !open && (!last || c.post_activation)};
    const Index out = open ? open_end : width;
    if (c.residual) block.residual.emplace(nn::LinearOptions{.in = in, .out = out}, random);
    if (!open && !info.blocks) block.norm = nn::make_norm(c.norm, out);
    blocks_.push_back(std::move(block));
    in = out;
  }
  out_ = in;
  if (c.virtual_node) {
    check(c.pre_linear, ErrorCode::value, c.model,
          ": virtual_node = 1 without pre_linear, which makes the features as wide as the layers");
    virtual_node_.emplace(
        nn::VirtualNodeOptions{
            .channels = width, .num_layers = c.layers, .dropout = static_cast<Real>(c.dropout)},
        random);
  }
  if (c.jk == "last") return;
  check(open_end == 0, ErrorCode::value, c.model, ": jk = ", c.jk,
        " looks at the outputs of all layers, and the last one makes the output; set post_linear");
  jk_.emplace(nn::JumpingKnowledgeOptions{.mode = c.jk, .channels = width, .num_layers = c.layers},
              random);
  if (c.jk == "cat") out_ = width * c.layers;
}

Var LayerStack::run(const Block& block, const Input& input, const std::optional<Var>& edge_attr,
                    const Features& x, std::vector<LayerAttention>* attention) const {
  Tensor weights;
  Var y = (*block.layer)(input.graph, x,
                         {.edge_attr = edge_attr,
                          .weights = attention ? &weights : nullptr,
                          .offsets = input.offsets,
                          .message_weights = input.message_weights});
  // A layer that pays no attention to messages leaves them as they were.
  if (weights.shape().rank() == 2)
    attention->push_back({block.layer->attended_graph(input.graph), std::move(weights)});
  if (block.residual) y = add(y, (*block.residual)(x));
  if (block.norm && block.activated)
    return block.norm->activated(config_.activation, y, input.offsets);
  if (block.norm) y = (*block.norm)(y, input.offsets);
  return block.activated ? activation(config_.activation, y) : y;
}

Var LayerStack::operator()(const Input& input, std::vector<LayerAttention>* attention) const {
  const auto outputs = layers(input, attention, [](const Var& layer) { return layer; });
  return jk_ ? (*jk_)(outputs) : outputs.back();
}

Features LayerStack::start(const Features& x) const {
  return lin_in_ ? Features(activation(config_.activation, (*lin_in_)(x))) : x;
}

Var LayerStack::layer(std::size_t number, const Input& input, const Features& h) const {
  return run(blocks_[number], input, edge_attr_of(config_, input), h, nullptr);
}

Var LayerStack::join(const std::vector<Var>& outputs) const {
  return jk_ ? (*jk_)(outputs) : outputs.back();
}

std::vector<Var> LayerStack::layers(const Input& input, std::vector<LayerAttention>* attention,
                                    FunctionRef<Var(const Var& layer)> read) const {
  const auto edge_attr = edge_attr_of(config_, input);
  const auto p = static_cast<Real>(config_.dropout);
  // With a mask for each head the layers themselves drop their input.
  const Real outer = config_.dropout_per_head ? 0 : p,
             between = whole_blocks_ || !config_.drop_hidden ? 0 : outer;
  Features h = config_.drop_features ? dropout(input.x, outer) : input.x;
  if (lin_in_) h = dropout(Features(activation(config_.activation, (*lin_in_)(h))), between);
  const std::array<Index, 2> one{0, h.rows()};
  const auto offsets = input.offsets.empty() ? std::span<const Index>(one) : input.offsets;
  std::optional<Var> v;
  if (virtual_node_) v = virtual_node_->start(input.tape(), std::ssize(offsets) - 1);
  std::vector<Var> outputs;
  for (std::size_t l = 0; l < blocks_.size(); ++l) {
    if (v) h = virtual_node_->spread(h.dense(), *v, offsets);
    const Var y = run(blocks_[l], input, edge_attr, h, attention);
    const bool last = l + 1 == blocks_.size();
    if (jk_ || last) outputs.push_back(read(y));
    if (last) break;
    if (v) v = virtual_node_->update(static_cast<Index>(l), *v, h.dense(), offsets);
    h = dropout(Features(y), between);
  }
  return outputs;
}

void LayerStack::visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) {
  const std::string layers = config_.model == "mlp" ? "lins." : "convs.";
  if (lin_in_) lin_in_->visit_parameters(prefix + "lin_in.", visit);
  for (std::size_t l = 0; l < blocks_.size(); ++l) {
    const std::string number = std::to_string(l) + ".";
    Block& block = blocks_[l];
    block.layer->visit_parameters(prefix + layers + number, visit);
    if (block.residual) block.residual->visit_parameters(prefix + "residuals." + number, visit);
    if (block.norm) block.norm->visit_parameters(prefix + "norms." + number, visit);
  }
  if (virtual_node_) virtual_node_->visit_parameters(prefix + "virtual_node.", visit);
  if (jk_) jk_->visit_parameters(prefix + "jk.", visit);
}

}  // namespace AGATE_NAMESPACE::models
