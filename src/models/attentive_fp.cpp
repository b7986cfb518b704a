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
  // Of all rows, or of those that repeat.
  const auto step = [&](const auto& conv, const nn::GRUCell& gru, const auto& x,
                        const std::optional<Var>& edge_attr) {
    Tensor weights;
    const Var c = conv(input.graph, x,
                       {.edge_attr = edge_attr,
                        .weights = attention ? &weights : nullptr,
                        .message_weights = input.message_weights});
    if (attention) attention->push_back({input.graph, std::move(weights)});
    return relu(gru(dropout(elu(c), p), x));
  };
  const auto first = [&](const Features& features, std::optional<RowClasses> repeated) {
    const Var x = leaky_relu(lin1_(features), Real(0.01));
    const std::optional<Var> edges = edge_attr_of(config_, input);
    if (!repeated) return step(gate_conv_, gru_, x, edges);
    const auto classes = std::make_shared<const RowClasses>(std::move(*repeated));
    return step(gate_conv_, gru_, RepeatedRows{x, classes}, edges);
  };
  const Features features = config_.drop_features ? dropout(input.x, p) : input.x;
  // Atoms are of few kinds, and nothing tells two of a kind apart before their neighbours do.
  std::optional<RowClasses> kinds;
  if (features.is_sparse() && features.masks().empty())
    kinds = equal_rows(features.sparse(), features.rows() / 2);
  Var x = kinds ? first({input.tape(), features.sparse().select_rows(kinds->first)}, kinds)
                : first(features, {});
  for (std::size_t l = 0; l < atom_convs_.size(); ++l)
    x = step(atom_convs_[l], atom_grus_[l], x, {});
  return x;
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
