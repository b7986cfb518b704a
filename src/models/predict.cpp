#include <agate/data/packed.hpp>
#include <agate/models/predict.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::models {
namespace {

constexpr Index nodes_at_a_time = 1 << 15;

/// How many of the graphs named go first: as many as hold nodes_at_a_time, at least one.
std::size_t portion(const data::Dataset& dataset, std::span<const Index> graphs) {
  Index nodes = 0;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    nodes += dataset.graph_offsets[graphs[k] + 1] - dataset.graph_offsets[graphs[k]];
    if (k > 0 && nodes > nodes_at_a_time) return k;
  }
  return graphs.size();
}

}  // namespace

void predict_graphs(const Model& model, Tape& tape, const data::Dataset& dataset,
                    std::span<const Index> graphs, Tensor& logits) {
  while (!graphs.empty()) {
    const std::size_t count = portion(dataset, graphs);
    const auto part = data::select_graphs(dataset, graphs.first(count));
    tape.reset();
    const Var y = model.forward(part.dataset.graph, Features(tape, part.dataset.x));
    for (Index k = 0; k < y.rows(); ++k)
      std::copy_n(y.value().row(k), y.cols(), logits.row(part.nodes[k]));
    graphs = graphs.subspan(count);
  }
}

Tensor predict(const Model& model, const data::Dataset& dataset, int threads) {
  if (dataset.num_graphs() == 1) return model.predict(dataset.graph, dataset.x, threads);
  data::Dataset prepared = dataset;
  prepared.x = model.prepare(dataset.x);
  std::vector<Index> graphs(static_cast<std::size_t>(dataset.num_graphs()));
  std::iota(graphs.begin(), graphs.end(), Index{0});
  Tape tape({.record = false, .threads = threads});
  Tensor logits = Tensor::uninitialized({dataset.num_nodes(), model.config().out});
  predict_graphs(model, tape, prepared, graphs, logits);
  return logits;
}

}  // namespace AGATE_NAMESPACE::models
