#pragma once
/// \file
/// Model: a network that classifies or scores nodes, edges, links or graphs, assembled from layers
/// by a ModelConfig.

#include <agate/models/input.hpp>
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

  /// What is said of each item, items x config().out: logits of classes, of labels or of a link, or
  /// numbers; on the tape of the input. The same as decode(embed(input)).
  /// With `attention`, attention models add what each layer paid. With `node_weights`, of graphs
  /// whose readout weighs their nodes (attention, attentive_fp) it becomes what each node weighed,
  /// nodes x 1: sums to 1 over the nodes of a graph.
  Var forward(const Input& input, std::vector<LayerAttention>* attention = nullptr,
              Tensor* node_weights = nullptr) const;
  /// The representation of each node, nodes x channels.
  virtual Var embed(const Input& input, std::vector<LayerAttention>* attention = nullptr) const = 0;
  /// From representations to items: the nodes, the input's pairs, or its graphs.
  Var decode(const Var& embedding, const Input& input, Tensor* node_weights = nullptr) const;

  /// The features as the network wants them: rows normalised where the configuration says so, all
  /// columns but the last config().encodings.
  /// Error(shape) unless x has config().in columns.
  FeatureMatrix prepare(const FeatureMatrix& x) const;

  /// prepare and forward without dropout or gradients, for the nodes of one graph without edge
  /// features; for all else see predict.hpp. `threads` 0: all.
  Tensor predict(const Graph& graph, const FeatureMatrix& x, int threads = 0) const;

  /// scale * output + shift, of each column, makes numbers, or calibrated logits, of the network's
  /// outputs. 1 and 0 unless train::fit found others. Parameters (buffers) `output.scale`,
  /// `output.shift` of models that scale their outputs.
  Parameter output_scale, output_shift;
  bool scales_outputs() const { return config_.regression || config_.calibrate; }

 protected:
  explicit Model(ModelConfig config);
  /// What decode() gives, before it is scaled.
  virtual Var outputs(const Var& embedding, const Input& input, Tensor* node_weights) const = 0;
  /// outputs(embed(input)), for models that come by them without the whole embedding.
  virtual Var outputs(const Input& input, std::vector<LayerAttention>* attention,
                      Tensor* node_weights) const {
    return outputs(embed(input, attention), input, node_weights);
  }

 private:
  Var scaled(const Var& outputs) const;

  ModelConfig config_;
};

/// The names that ModelConfig::model may have, and one line about each.
struct ModelInfo {
  std::string name, about;
  bool attention = false;  ///< whether `heads` and `output_heads` count
  /// Its layers are blocks with all that belongs to them (dropout, norms, residuals, activation),
  /// between the linear layers of pre_linear and post_linear, which they need.
  bool blocks = false;
  bool weights = true;         ///< false: what its layers hold does not grow with the channels
  bool edge_features = false;  ///< its layers see the features of the edges
  bool local = true;           ///< they see a node and the messages it receives, nothing else
};
/// All of them.
const std::vector<ModelInfo>& model_registry();

/// Whether the layers of such a network see the features of edges: config.edge_dim may be more than
/// 0.
bool sees_edge_features(const ModelConfig& config);

/// A new network with weights drawn from `seed`. Error(usage) for an unknown name, with the nearest
/// known; Error(value) for a configuration that makes no sense.
std::unique_ptr<Model> make_model(const ModelConfig& config, std::uint64_t seed);

/// `auto` resolved for these features: `rows` for sparse matrices without negative entries, `none`
/// for others and where the last `encodings` columns are encodings.
std::string resolve_normalize(const std::string& normalize, const FeatureMatrix& x,
                              Index encodings = 0);

}  // namespace AGATE_NAMESPACE::models
