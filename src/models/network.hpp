#pragma once
// An encoder and the head of a task on it.

#include "models/encoder.hpp"
#include "models/heads/head.hpp"

namespace AGATE_NAMESPACE::models {

// Parameters: those of the encoder and, as they are, those of the head; `output.*` of outputs that
// are scaled.
class Network : public Model {
 public:
  Network(const ModelConfig& config, std::unique_ptr<Encoder> encoder, Random& random)
      : Model(config),
        encoder_(std::move(encoder)),
        head_(make_head(config, encoder_->out_channels(), random)) {}

  Var embed(const Input& input, std::vector<LayerAttention>* attention) const override {
    return head_->embedding((*encoder_)(input, attention));
  }
  const Encoder& encoder() const { return *encoder_; }
  const Head& head() const { return *head_; }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    encoder_->visit_parameters(prefix, visit);
    head_->visit_parameters(prefix, visit);
    if (!scales_outputs()) return;
    visit(prefix + "output.scale", output_scale);
    visit(prefix + "output.shift", output_shift);
  }

 private:
  Var outputs(const Var& embedding, const Input& input, Tensor* node_weights) const override {
    return (*head_)(embedding, input, node_weights);
  }
  Var outputs(const Input& input, std::vector<LayerAttention>* attention,
              Tensor* node_weights) const override {
    if (node_weights || !encoder_->concatenates())
      return outputs(embed(input, attention), input, node_weights);
    const auto read = [&](const Var& layer) { return head_->read(layer, input); };
    return head_->of_layers(encoder_->layers(input, attention, read), input);
  }

  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Head> head_;
};

}  // namespace AGATE_NAMESPACE::models
