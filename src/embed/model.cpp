#include <agate/core/error.hpp>
#include <agate/data/link_fold.hpp>
#include <agate/data/reverse_edges.hpp>
#include <agate/graph/edges.hpp>
#include <agate/model.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/losses.hpp>
#include <algorithm>
#include <limits>

namespace AGATE_NAMESPACE {
namespace {

using data::Dataset;
using data::Task;

Model::Outputs outputs_of(const models::ModelFile& file) {
  const auto& config = file.model->config();
  if (config.regression) return Model::Outputs::numbers;
  return file.multi_label || config.task == "link" ? Model::Outputs::labels
                                                   : Model::Outputs::classes;
}

void check_task(const Dataset& dataset, Task task) {
  check(dataset.task == task, ErrorCode::unsupported, "model: it is about ", items_of(task),
        ", what is asked about are ", items_of(dataset.task));
}

}  // namespace

Model::Model(models::ModelFile file) {
  check(file.model != nullptr, ErrorCode::value, "model: there is none in the file");
  const auto& first = file.model->config();
  check(std::ssize(file.classes) == first.out, ErrorCode::shape, "model: there are ",
        file.classes.size(), " labels for ", first.out, " outputs");
  auto members = file.members();
  for (const auto& member : members)
    check(member && member->config().in == first.in && member->config().out == first.out &&
              member->config().task == first.task,
          ErrorCode::shape, "model: its parts are not of the same data");
  const Task task = data::parse_task(first.task);
  const Outputs outputs = outputs_of(file);
  state_ = std::make_shared<const State>(State{
      .file = std::move(file), .members = std::move(members), .task = task, .outputs = outputs});
}

Model Model::load(const std::string& path) { return Model(models::load_model(path)); }

Model Model::parse(std::string_view bytes, const std::string& name) {
  return Model(models::parse_model(std::string(bytes), name));
}

Model Model::from_state_dict(const std::string& path, std::vector<std::string> labels) {
  return from_state_dict(path, models::guess_config(io::read_safetensors(path), path),
                         std::move(labels));
}

Model Model::from_state_dict(const std::string& path, models::ModelConfig config,
                             std::vector<std::string> labels, const models::ForeignNames& names) {
  const auto file = io::read_safetensors(path);
  if (config.in == 0 || config.out == 0) {
    const auto guess = models::guess_config(file, path, names);
    if (config.in == 0) config.in = guess.in;
    if (config.out == 0) config.out = guess.out;
  }
  if (labels.empty())
    for (Index k = 0; k < config.out; ++k) labels.push_back(std::to_string(k));
  return Model({.model = models::model_of_state_dict(file, path, config, names),
                .task = config.task,
                .classes = std::move(labels),
                .metric = config.regression ? "rmse" : "accuracy",
                .data = path,
                .training = "{}"});
}

void Model::save(const std::string& path) const { models::save_model(path, file()); }

Index Model::num_edge_features() const {
  if (task() != Task::edge) return config().edge_dim;
  // What add_reverse_edges() and labels add is not the caller's to give.
  if (schema()) return schema()->num_edge_features();
  return std::max<Index>(0, config().pair_dim - 1);
}

const data::FeatureSchema* Model::schema() const {
  return file().schema ? &*file().schema : nullptr;
}

Dataset Model::dataset(const Graph& graph, const FeatureMatrix& x,
                       const PredictOptions& options) const {
  Dataset d{.name = "what is asked",
            .graph = graph,
            .x = x,
            .edge_attr = options.edge_attr,
            .graph_offsets = {options.offsets.begin(), options.offsets.end()},
            .task = task(),
            .regression = outputs() == Outputs::numbers,
            .classes = labels()};
  check(options.pairs.empty() || task() == Task::link, ErrorCode::unsupported,
        "model: pairs are asked about, and it is about ", items_of(task()));
  if (task() == Task::link) d.pairs.assign(options.pairs.begin(), options.pairs.end());
  if (task() == Task::edge) d.pairs = edge_list(graph);
  const Index items = d.num_items();
  if (outputs() == Outputs::classes)
    d.y.assign(static_cast<std::size_t>(items), -1);
  else
    d.targets = Tensor::full({items, std::ssize(labels())}, std::numeric_limits<Real>::quiet_NaN());
  data::validate(d);
  return data::add_reverse_edges(std::move(d));
}

models::EnsembleOutputs Model::predict_with_spread(const Dataset& dataset, int threads) const {
  check_task(dataset, task());
  std::vector<Tensor> all;
  for (const auto& member : state_->members)
    all.push_back(models::predict(*member, dataset, threads));
  return models::combine(all, outputs() == Outputs::classes, outputs() == Outputs::numbers);
}

Tensor Model::predict(const Dataset& dataset, int threads) const {
  return predict_with_spread(dataset, threads).outputs;
}

Tensor Model::predict(const Graph& graph, const FeatureMatrix& x,
                      const PredictOptions& options) const {
  return predict(dataset(graph, x, options), options.threads);
}

Tensor Model::probabilities(const Tensor& y) const {
  return outputs() == Outputs::numbers   ? y
         : outputs() == Outputs::classes ? softmax(y)
                                         : sigmoid(y);
}

std::vector<models::LayerAttention> Model::attention(const Graph& graph, const FeatureMatrix& x,
                                                     const PredictOptions& options) const {
  const models::Model& model = *state_->members.front();
  const Dataset prepared = models::prepare(model, dataset(graph, x, options));
  Tape tape({.record = false, .threads = options.threads});
  std::vector<models::LayerAttention> layers;
  model.embed(models::input_of(tape, prepared), &layers);
  for (auto& layer : layers) layer.weights = layer.weights.clone();
  return layers;
}

Dataset Model::read_tables(const data::TableOptions& options) const {
  check(schema() && schema()->archive_columns == 0, ErrorCode::unsupported, "model: trained on ",
        file().data, ", not on tables: it does not know what columns mean");
  auto read = data::read_tables(options, *schema());
  return task() == Task::link ? data::as_links(std::move(read))
                              : data::add_reverse_edges(std::move(read));
}

}  // namespace AGATE_NAMESPACE
