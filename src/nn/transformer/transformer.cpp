#include <agate/core/error.hpp>
#include <agate/nn/transformer/transformer.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

template <class Layer>
std::vector<Layer> stack(const char* name, const TransformerLayerOptions& options, Index count,
                         Random& random) {
  check(count >= 1, ErrorCode::value, name, ": num_layers = ", count, ", expected at least 1");
  std::vector<Layer> layers;
  for (Index l = 0; l < count; ++l) layers.emplace_back(options, random);
  return layers;
}

std::optional<LayerNorm> last_norm(const TransformerLayerOptions& o, bool norm) {
  if (!norm) return {};
  return LayerNorm({.in_channels = o.d_model, .eps = o.layer_norm_eps});
}

template <class Layer>
void visit_stack(std::vector<Layer>& layers, std::optional<LayerNorm>& norm,
                 const std::string& prefix, const ParameterVisitor& visit) {
  for (std::size_t l = 0; l < layers.size(); ++l)
    layers[l].visit_parameters(prefix + "layers." + std::to_string(l) + ".", visit);
  if (norm) norm->visit_parameters(prefix + "norm.", visit);
}

}  // namespace

TransformerEncoder::TransformerEncoder(const TransformerLayerOptions& options, Index num_layers,
                                       bool norm, Random& random)
    : layers_(stack<TransformerEncoderLayer>("TransformerEncoder", options, num_layers, random)),
      norm_(last_norm(options, norm)) {}

Var TransformerEncoder::operator()(const Var& x, const Support& support) const {
  Var h = x;
  for (const auto& layer : layers_) h = layer(h, support);
  return norm_ ? (*norm_)(h) : h;
}

void TransformerEncoder::visit_parameters(const std::string& prefix,
                                          const ParameterVisitor& visit) {
  visit_stack(layers_, norm_, prefix, visit);
}

TransformerDecoder::TransformerDecoder(const TransformerLayerOptions& options, Index num_layers,
                                       bool norm, Random& random)
    : layers_(stack<TransformerDecoderLayer>("TransformerDecoder", options, num_layers, random)),
      norm_(last_norm(options, norm)) {}

Var TransformerDecoder::operator()(const Var& x, const Var& memory, const Support& own,
                                   const Support& cross, std::vector<Tensor>* weights) const {
  Var h = x;
  if (weights) weights->clear();
  for (const auto& layer : layers_)
    h = layer(h, memory, own, cross, {.weights = weights ? &weights->emplace_back() : nullptr});
  return norm_ ? (*norm_)(h) : h;
}

TransformerDecoder::State TransformerDecoder::start(const Var& memory,
                                                    std::span<const Index> memory_offsets) const {
  State state;
  for (const auto& layer : layers_) state.push_back(layer.start(memory, memory_offsets));
  return state;
}

Var TransformerDecoder::step(const Var& x, State& state) const {
  check(state.size() == layers_.size(), ErrorCode::shape, "TransformerDecoder: a state of ",
        state.size(), " layers, expected ", layers_.size());
  Var h = x;
  for (std::size_t l = 0; l < layers_.size(); ++l) h = layers_[l].step(h, state[l]);
  return norm_ ? (*norm_)(h) : h;
}

TransformerDecoder::State TransformerDecoder::select(const State& state,
                                                     std::span<const Index> rows) {
  State selected;
  for (const auto& layer : state)
    selected.push_back({nn::select(layer.own, rows), nn::select(layer.cross, rows)});
  return selected;
}

void TransformerDecoder::visit_parameters(const std::string& prefix,
                                          const ParameterVisitor& visit) {
  visit_stack(layers_, norm_, prefix, visit);
}

Transformer::Transformer(const TransformerOptions& options, Random& random)
    : encoder(options.layer, options.num_encoder_layers, true, random),
      decoder(options.layer, options.num_decoder_layers, true, random) {
  visit_parameters("", [&](const std::string&, Parameter& parameter) {
    const Shape& shape = parameter.value.shape();
    if (shape.rank() == 2) parameter.value = glorot_uniform(shape, shape[1], shape[0], random);
  });
}

Var Transformer::operator()(const Var& source, std::span<const Index> source_offsets,
                            const Var& target, std::span<const Index> target_offsets) const {
  const Var memory = encoder(source, Support::segments(source_offsets));
  return decoder(target, memory, Support::segments(target_offsets, true),
                 Support::segments(target_offsets, source_offsets));
}

void Transformer::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  encoder.visit_parameters(prefix + "encoder.", visit);
  decoder.visit_parameters(prefix + "decoder.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
