#pragma once
/// \file
/// Model: a network for node classification, assembled from layers by a ModelConfig.

#include <agate/graph/graph.hpp>
#include <agate/models/model_config.hpp>
#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// The attention that one layer paid, for pictures and tables.
struct LayerAttention {
  Graph graph;     ///< the messages; loops that the layer added have edge id -1
  Tensor weights;  ///< messages x heads
};

/// Const when it runs: one model may serve many threads, each with its own tape.
class Model : public nn::Module {
 public:
  const ModelConfig& config() const { return config_; }

  /// Logits, nodes x classes, on the tape of x. `x` must have gone through prepare().
  /// With `attention`, attention models add what each layer paid.
  virtual Var forward(const Graph& graph, const Features& x,
                      std::vector<LayerAttention>* attention = nullptr) const = 0;

  /// The features as the network wants them: rows normalised where the configuration says so, all
  /// columns but the last config().encodings.
  /// Error(shape) unless x has config().in columns.
  FeatureMatrix prepare(const FeatureMatrix& x) const;

  /// prepare and forward without dropout or gradients. `threads` 0: all.
  Tensor predict(const Graph& graph, const FeatureMatrix& x, int threads = 0) const;

 protected:
  explicit Model(ModelConfig config) : config_(std::move(config)) {}

 private:
  ModelConfig config_;
};

/// The names that ModelConfig::model may have, and one line about each.
struct ModelInfo {
  std::string name, about;
  bool attention = false;  ///< whether `heads` and `output_heads` count
  /// Its layers are blocks with all that belongs to them (dropout, norms, residuals, activation),
  /// between the linear layers of pre_linear and post_linear, which they need.
  bool blocks = false;
  bool weights = true;  ///< false: what its layers hold does not grow with the channels
};
const std::vector<ModelInfo>& model_registry();

/// A new network with weights drawn from `seed`. Error(usage) for an unknown name, with the nearest
/// known; Error(value) for a configuration that makes no sense.
std::unique_ptr<Model> make_model(const ModelConfig& config, std::uint64_t seed);

/// `auto` resolved for these features: `rows` for sparse matrices without negative entries, `none`
/// for others and where the last `encodings` columns are encodings.
std::string resolve_normalize(const std::string& normalize, const FeatureMatrix& x,
                              Index encodings = 0);

}  // namespace AGATE_NAMESPACE::models
