#include "models/attentive_fp.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/activations.hpp>

namespace AGATE_NAMESPACE::models {
namespace {

const ModelConfig& checked(const ModelConfig& c, Index open_end) {
  check_blocks(c, open_end);
  check(c.norm == "none" && c.jk == "last" && !c.virtual_node, ErrorCode::value, c.model,
        ": norm = ", c.norm, ", jk = ", c.jk, ", virtual_node = ", c.virtual_node,
        ", expected none, last, 0");
  check(c.layers >= 1, ErrorCode::value, c.model, ": layers = ", c.layers, ", expected at least 1");
  return c;
}

}  // namespace

AttentiveFPEncoder::AttentiveFPEncoder(const ModelConfig& c, Index open_end, Random& random)
    : config_(checked(c, open_end)),
      lin1_({.in = c.in, .out = c.hidden}, random),
      gate_conv_({.channels = c.hidden,
                  .edge_dim = c.edge_dim,
                  .dropout = static_cast<Real>(c.attention_dropout)},
                 random),
      gru_({.input_size = c.hidden, .hidden_size = c.hidden}, random) {
  for (Index l = 1; l < c.layers; ++l) {
    atom_convs_.emplace_back(nn::GATConvOptions{.in = c.hidden,
                                                .out = c.hidden,
                                                .negative_slope = Real(0.01),
                                                .dropout = static_cast<Real>(c.attention_dropout),
                                                .add_self_loops = false},
                             random);
    atom_grus_.emplace_back(nn::GRUCellOptions{.input_size = c.hidden, .hidden_size = c.hidden},
                            random);
  }
}

Var AttentiveFPEncoder::operator()(const Input& input,
                                   std::vector<LayerAttention>* attention) const {
  const auto p = static_cast<Real>(config_.dropout);
  Features h = config_.drop_features ? dropout(input.x, p) : input.x;
  for (std::size_t l = 0; l < num_layers(); ++l) h = Features(run(l, input, h, attention));
  return h.dense();
}

Var AttentiveFPEncoder::run(std::size_t layer, const Input& input, const Features& h,
                            std::vector<LayerAttention>* attention) const {
  if (layer == 0) return first(input, h, attention);
  return step(atom_convs_[layer - 1], atom_grus_[layer - 1], input, h.dense(), {}, attention);
}

Var AttentiveFPEncoder::first(const Input& input, const Features& features,
                              std::vector<LayerAttention>* attention) const {
  const auto widened = [&](const Features& x) { return leaky_relu(lin1_(x), Real(0.01)); };
  const std::optional<Var> edges = edge_attr_of(config_, input);
  // Atoms are of few kinds, and nothing tells two of a kind apart before their neighbours do.
  std::optional<RowClasses> kinds;
  if (features.is_sparse() && features.masks().empty())
    kinds = equal_rows(features.sparse(), features.rows() / 2);
  if (!kinds) return step(gate_conv_, gru_, input, widened(features), edges, attention);
  const Var x = widened({input.tape(), features.sparse().select_rows(kinds->first)});
  const auto classes = std::make_shared<const RowClasses>(std::move(*kinds));
  return step(gate_conv_, gru_, input, RepeatedRows{x, classes}, edges, attention);
}

// x: all rows, or those that repeat.
template <class Conv, class Rows>
Var AttentiveFPEncoder::step(const Conv& conv, const nn::GRUCell& gru, const Input& input,
                             const Rows& x, const std::optional<Var>& edge_attr,
                             std::vector<LayerAttention>* attention) const {
  Tensor weights;
  const Var c = conv(input.graph, x,
                     {.edge_attr = edge_attr,
                      .weights = attention ? &weights : nullptr,
                      .message_weights = input.message_weights});
  if (attention) attention->push_back({input.graph, std::move(weights)});
  return relu(gru(dropout(elu(c), static_cast<Real>(config_.dropout)), x));
}

void AttentiveFPEncoder::visit_parameters(const std::string& prefix,
                                          const nn::ParameterVisitor& visit) {
  lin1_.visit_parameters(prefix + "lin1.", visit);
  gate_conv_.visit_parameters(prefix + "gate_conv.", visit);
  gru_.visit_parameters(prefix + "gru.", visit);
  for (std::size_t l = 0; l < atom_convs_.size(); ++l) {
    const std::string number = std::to_string(l) + ".";
    atom_convs_[l].visit_parameters(prefix + "atom_convs." + number, visit);
    atom_grus_[l].visit_parameters(prefix + "atom_grus." + number, visit);
  }
}

}  // namespace AGATE_NAMESPACE::models
