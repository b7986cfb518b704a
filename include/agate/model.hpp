#pragma once
/// \file
/// Model: a trained model as a value, for programs that ask one.
///
///     agate::Model m = agate::Model::load("club.safetensors");
///     agate::Tensor logits = m.predict(graph, x);
///
/// Copies share what they hold, which never changes: one Model, or copies of it, may be asked by
/// any number of threads at once, and says the same bits to each. Nothing is registered anywhere
/// and there is nothing to start; the first pass with more than one thread starts the threads that
/// all passes of the process share (agate/core/parallel.hpp).

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <agate/data/tables.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/models/foreign_weights.hpp>
#include <agate/models/model_file.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace AGATE_NAMESPACE {

/// What is asked beside a graph and what is known of its nodes.
struct PredictOptions {
  Tensor edge_attr{};  ///< edges x columns, by the edge ids of the graph; empty: nothing is known
  /// Several graphs packed into one: graph g holds the nodes offsets[g] .. offsets[g + 1] - 1;
  /// empty: one graph.
  std::span<const Index> offsets{};
  std::span<const Edge> pairs{};  ///< task link: the pairs of nodes that are asked about
  int threads = 0;                ///< 0: all
};

/// A trained model as a value: it never changes, is cheap to copy, and answers any number of
/// threads at once, the same bits to each.
class Model {
 public:
  /// What an output is: one row of logits among classes; a logit for each of several labels, or for
  /// a link; numbers.
  enum class Outputs { classes, labels, numbers };

  /// A file that `agate train --save` or save() wrote. Error as models::load_model: not_found, io,
  /// format with the file's name and what is wrong with it.
  static Model load(const std::string& path);
  /// The same of its bytes, which may be part of the program; `name` stands for it in messages.
  static Model parse(std::string_view bytes, const std::string& name);
  /// Weights that PyTorch Geometric, torch or DGL left (agate/models/foreign_weights.hpp, which
  /// names the errors and the spellings), of a model of one graph whose shape the file tells, or
  /// `config`; in that what is 0 (`in`, `out`) is taken from the file. Without `labels` they are
  /// "0", "1", ...
  static Model from_state_dict(const std::string& path, std::vector<std::string> labels = {});
  /// The same with the configuration given.
  static Model from_state_dict(const std::string& path, models::ModelConfig config,
                               std::vector<std::string> labels = {},
                               const models::ForeignNames& names = {});
  /// Of what models::load_model read or training left. Error(value) without a model, Error(shape)
  /// when there are not as many labels as outputs or its parts are of different shapes.
  explicit Model(models::ModelFile file);
  /// Crash-safe, as models::save_model.
  void save(const std::string& path) const;

  data::Task task() const { return state_->task; }
  Outputs outputs() const { return state_->outputs; }
  /// Names of the classes, of the labels or of the numbers: one for each column of predict().
  const std::vector<std::string>& labels() const { return state_->file.classes; }
  Index num_features() const { return config().in; }  ///< columns that x must have
  /// Columns that PredictOptions::edge_attr must have; 0: none are looked at.
  Index num_edge_features() const;
  const models::ModelConfig& config() const { return state_->file.model->config(); }
  /// What the columns of tables mean to it; nullptr for models that were not trained on tables.
  const data::FeatureSchema* schema() const;
  /// All of it: several models that answer together, what it was trained on, what a program keeps.
  const models::ModelFile& file() const { return state_->file; }

  /// What it says of each item, items x labels: of task node the nodes, of task graph the graphs,
  /// of task link the pairs, of task edge the edges of the graph by edge id, about none of which it
  /// is told a label. Logits, or numbers; see probabilities(). Several models answer together
  /// (models::combine).
  /// Error(shape) when graph, x (nodes x num_features()), edge_attr, offsets or pairs do not fit
  /// each other or the model, Error(value) with row and column for NaN or infinity.
  Tensor predict(const Graph& graph, const FeatureMatrix& x,
                 const PredictOptions& options = {}) const;
  /// The same of a dataset, whose labels count where they are an input of the model
  /// (ModelConfig::label_input). Error(unsupported) for another task than the model's.
  Tensor predict(const data::Dataset& dataset, int threads = 0) const;
  /// With the deviation among several models.
  models::EnsembleOutputs predict_with_spread(const data::Dataset& dataset, int threads = 0) const;
  /// What predict() said as probabilities: softmax of classes, sigmoid of labels; numbers stay.
  Tensor probabilities(const Tensor& outputs) const;

  /// The attention that each layer paid, in layers of attention, by the first model of several;
  /// empty for models without it.
  std::vector<models::LayerAttention> attention(const Graph& graph, const FeatureMatrix& x,
                                                const PredictOptions& options = {}) const;

  /// A network in tables or a graph file, read the way the model was trained: columns found by
  /// name, numbers and categories on its scale. Error(unsupported) for a model that was not trained
  /// on tables, else as data::read_tables.
  data::Dataset read_tables(const data::TableOptions& options) const;

  /// Graph, features and options as a dataset without labels, as predict() takes it.
  data::Dataset dataset(const Graph& graph, const FeatureMatrix& x,
                        const PredictOptions& options = {}) const;

 private:
  struct State {
    models::ModelFile file;
    std::vector<std::shared_ptr<const models::Model>> members;
    data::Task task;
    Outputs outputs;
  };
  std::shared_ptr<const State> state_;
};

}  // namespace AGATE_NAMESPACE
