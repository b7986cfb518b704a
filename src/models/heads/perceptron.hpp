#pragma once
// The perceptron that heads end in.

#include <agate/models/model_config.hpp>
#include <agate/nn/mlp.hpp>

namespace AGATE_NAMESPACE::models {

// head_layers linear layers from `in` to the outputs, `hidden` channels between them.
nn::MLP perceptron(const ModelConfig& config, Index in, Index hidden, Random& random);

}  // namespace AGATE_NAMESPACE::models
