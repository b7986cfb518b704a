#include <agate/data/packed.hpp>
#include <agate/data/refinement.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::models {
namespace {

constexpr Index nodes_at_a_time = 1 << 14;
constexpr std::size_t pairs_at_a_time = 1 << 16;

/// How many of the graphs named go first: as many as hold nodes_at_a_time, at least one.
std::size_t portion(const data::Dataset& dataset, std::span<const Index> graphs) {
  if (graphs.size() == 1) return 1;
  Index nodes = 0;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    nodes += dataset.graph_offsets[graphs[k] + 1] - dataset.graph_offsets[graphs[k]];
    if (k > 0 && nodes > nodes_at_a_time) return k;
  }
  return graphs.size();
}

/// Whether nodes that data::refine() calls alike get the same from the layers.
bool sees_classes_alone(const ModelConfig& config) {
  const auto& infos = model_registry();
  const auto info = std::ranges::find(infos, config.model, &ModelInfo::name);
  return info != infos.end() && info->local && !config.virtual_node && config.norm != "graph";
}

/// Nodes that are alike, as so many atoms of molecules are, go through the layers once.
Var outputs_of(const Model& model, Tape& tape, const data::Dataset& part) {
  const ModelConfig& config = model.config();
  if (sees_classes_alone(config))
    if (auto refined = data::refine(part, config.layers))
      return model.decode(
          gather_rows(model.embed(input_of(tape, refined->classes)), std::move(refined->class_of)),
          input_of(tape, part));
  return model.forward(input_of(tape, part));
}

}  // namespace

void predict_graphs(const Model& model, Tape& tape, const data::Dataset& prepared,
                    std::span<const Index> graphs, Tensor& outputs) {
  while (!graphs.empty()) {
    const std::size_t count = portion(prepared, graphs);
    const auto now = graphs.first(count);
    const auto part = data::select_graphs(prepared, now);
    tape.reset();
    const Var y = outputs_of(model, tape, part.dataset);
    const auto items = prepared.task == data::Task::graph ? now : std::span(part.nodes);
    for (Index k = 0; k < y.rows(); ++k)
      std::copy_n(y.value().row(k), y.cols(), outputs.row(items[k]));
    graphs = graphs.subspan(count);
  }
}

void predict_pairs(const Model& model, Tape& tape, const data::Dataset& prepared,
                   std::span<const Index> items, Tensor& outputs) {
  tape.reset();
  Input input = input_of(tape, prepared);
  const Var embedding = model.embed(input);
  while (!items.empty()) {
    const auto now = items.first(std::min(items.size(), pairs_at_a_time));
    const auto pairs = pick_pairs(prepared, now, input);
    const Tensor y = model.decode(embedding, input).value();
    for (Index k = 0; k < y.rows(); ++k) std::copy_n(y.row(k), y.cols(), outputs.row(now[k]));
    items = items.subspan(now.size());
  }
}

namespace {

/// Who has no label is told from all labels there are; who has one from those of the others, a
/// tenth of them at a time.
Tensor predict_from_labels(const Model& model, const data::Dataset& dataset, int threads) {
  constexpr std::size_t parts = 10;
  std::vector<std::vector<Index>> asked(parts + 1);
  std::vector<bool> known(static_cast<std::size_t>(dataset.num_items()));
  std::size_t count = 0;
  for (Index item = 0; item < dataset.num_items(); ++item) {
    known[item] = dataset.is_labelled(item);
    asked[known[item] ? count++ % parts : parts].push_back(item);
  }
  data::Dataset prepared = prepare(model, dataset, &known);
  Tensor outputs = Tensor::uninitialized({dataset.num_items(), model.config().out});
  Tape tape({.record = false, .threads = threads});
  for (std::size_t part = 0; part < asked.size(); ++part) {
    if (asked[part].empty()) continue;
    auto shown = known;
    for (const Index item : asked[part]) shown[item] = false;
    prepared.edge_attr = edge_attr_with_labels(dataset, shown, model);
    predict_pairs(model, tape, prepared, asked[part], outputs);
  }
  return outputs;
}

}  // namespace

Tensor predict(const Model& model, const data::Dataset& dataset, int threads) {
  if (model.config().label_input) return predict_from_labels(model, dataset, threads);
  const data::Dataset prepared = prepare(model, dataset);
  Tape tape({.record = false, .threads = threads});
  if (dataset.task == data::Task::node && dataset.num_graphs() == 1)
    return model.forward(input_of(tape, prepared)).value().clone();
  Tensor outputs = Tensor::uninitialized({dataset.num_items(), model.config().out});
  const bool pairs = dataset.task == data::Task::edge || dataset.task == data::Task::link;
  std::vector<Index> all(
      static_cast<std::size_t>(pairs ? dataset.num_items() : dataset.num_graphs()));
  std::iota(all.begin(), all.end(), Index{0});
  if (pairs)
    predict_pairs(model, tape, prepared, all, outputs);
  else
    predict_graphs(model, tape, prepared, all, outputs);
  return outputs;
}

}  // namespace AGATE_NAMESPACE::models
