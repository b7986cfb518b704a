#include <agate/core/parallel.hpp>
#include <agate/data/packed.hpp>
#include <agate/data/refinement.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>
#include <optional>

#include "models/network.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

constexpr Index nodes_at_a_time = 1 << 14;  // through the layers: of many more are alike
constexpr Index nodes_read_at_a_time = 1 << 12;
constexpr std::size_t pairs_at_a_time = 1 << 16;

/// The graphs named, as many at a time as hold so many nodes, at least one.
std::vector<std::span<const Index>> portions(const data::Dataset& dataset,
                                             std::span<const Index> graphs, Index most) {
  if (graphs.size() == 1) return {graphs};  // the only one has no offsets
  std::vector<std::span<const Index>> found;
  std::size_t first = 0;
  Index nodes = 0;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    const Index more = dataset.graph_offsets[graphs[k] + 1] - dataset.graph_offsets[graphs[k]];
    if (k > first && nodes + more > most) {
      found.push_back(graphs.subspan(first, k - first));
      first = k;
      nodes = 0;
    }
    nodes += more;
  }
  if (first < graphs.size()) found.push_back(graphs.subspan(first));
  return found;
}

/// Whether nodes that data::refine() calls alike get the same from the layers.
bool sees_classes_alone(const ModelConfig& config) {
  const auto& infos = model_registry();
  const auto info = std::ranges::find(infos, config.model, &ModelInfo::name);
  return info != infos.end() && info->local && !config.virtual_node && config.norm != "graph";
}

/// Model::embed of the classes of the last of `layers`, each layer on what it tells apart.
Var embedded(const Network& network, Tape& tape, const std::vector<data::Refined>& layers) {
  const Encoder& encoder = network.encoder();
  Features h = encoder.start(Features(tape, layers.front().classes.x));
  std::vector<Var> outputs;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (l > 0) {
      for (Var& output : outputs) output = gather_rows(output, layers[l - 1].class_of);
      h = Features(outputs.back());
    }
    if (!encoder.joins()) outputs.clear();
    outputs.push_back(encoder.layer(l, input_of(tape, layers[l].classes), h));
  }
  return network.head().embedding(encoder.join(outputs));
}

/// Nodes that a layer cannot tell apart, as so many atoms of molecules are, go through it once.
void predict_portion(const Model& model, Tape& tape, const data::Dataset& prepared,
                     std::span<const Index> graphs, Tensor& outputs) {
  const auto part = data::select_graphs(prepared, graphs);
  const data::Dataset& d = part.dataset;
  auto items = prepared.task == data::Task::graph ? graphs : std::span(part.nodes);
  const auto say = [&](const Var& y) {
    for (Index k = 0; k < y.rows(); ++k)
      std::copy_n(y.value().row(k), y.cols(), outputs.row(items[k]));
    items = items.subspan(static_cast<std::size_t>(y.rows()));
  };
  tape.reset();
  const auto* network = dynamic_cast<const Network*>(&model);
  std::vector<data::Refined> layers;
  if (network && sees_classes_alone(model.config()))
    layers = data::refine_layers(d, model.config().layers);
  if (layers.empty()) return say(model.forward(input_of(tape, d)));
  const Var classes = embedded(*network, tape, layers);
  const std::span class_of(layers.back().class_of);
  std::vector<Index> all(static_cast<std::size_t>(d.num_graphs()));
  std::iota(all.begin(), all.end(), Index{0});
  Index first = 0;
  for (const auto now : portions(d, all, nodes_read_at_a_time)) {
    std::vector<Index> offsets{0};
    for (const Index g : now)
      offsets.push_back(all.size() == 1 ? d.num_nodes() : d.graph_offsets[g + 1] - first);
    const auto nodes =
        class_of.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(offsets.back()));
    const Var h = gather_rows(classes, {nodes.begin(), nodes.end()});
    say(model.decode(h, {.graph = Graph(), .x = Features(h), .offsets = offsets}));
    first += offsets.back();
  }
}

}  // namespace

void predict_graphs(const Model& model, Tape& tape, const data::Dataset& prepared,
                    std::span<const Index> graphs, Tensor& outputs) {
  const auto all = portions(prepared, graphs, nodes_at_a_time);
  const auto count = std::ssize(all);
  const Index threads = tape.threads() > 0 ? tape.threads() : default_threads();
  // Of many portions each thread takes its own from beginning to end; else they share each.
  const Index workers = count >= threads ? threads : 1;
  parallel_chunks(tape.threads(), workers, [&](Index worker) {
    std::optional<Tape> own;
    if (worker > 0) own.emplace(TapeOptions{.record = false, .threads = 1});
    for (Index k = worker; k < count; k += workers)
      predict_portion(model, own ? *own : tape, prepared, all[static_cast<std::size_t>(k)],
                      outputs);
  });
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
