// Training on many small graphs.

#include <agate/core/random.hpp>
#include <agate/data/packed.hpp>
#include <agate/models/model.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>
#include <memory>
#include <numeric>

#include "bench_workloads.hpp"

namespace tool {
namespace {

using agate::Index;
using agate::NodeId;

constexpr Index graphs = 4110, batch = 32;

// As many and as large as the molecules of NCI1: paths of 20 to 40 nodes with 3 further edges each,
// one of 37 kinds of atoms at each node.
agate::data::Dataset molecules() {
  agate::Random random(6);
  agate::data::Dataset d{
      .name = "molecules", .graph_offsets = {0}, .task = agate::data::Task::graph};
  std::vector<agate::Edge> edges;
  agate::CsrArrays x{{0}, {}, {}};
  for (Index g = 0; g < graphs; ++g) {
    const Index first = d.graph_offsets.back();
    const auto nodes = static_cast<Index>(20 + random.below(21));
    const auto node = [&] {
      return static_cast<NodeId>(first + static_cast<Index>(random.below(nodes)));
    };
    for (Index i = 0; i < nodes; ++i) {
      if (i > 0)
        edges.push_back({static_cast<NodeId>(first + i - 1), static_cast<NodeId>(first + i)});
      x.columns.push_back(static_cast<NodeId>(random.below(37)));
      x.values.push_back(1);
      x.offsets.push_back(std::ssize(x.columns));
    }
    for (int k = 0; k < 3; ++k) edges.push_back({node(), node()});
    d.graph_offsets.push_back(first + nodes);
    d.y.push_back(static_cast<int>(g % 2));
  }
  d.graph = agate::Graph::from_edges(d.graph_offsets.back(), edges, {.undirected = true});
  d.x = agate::SparseMatrix(d.num_nodes(), 37, std::move(x));
  d.classes = {"0", "1"};
  return d;
}

struct State {
  explicit State(int threads) : tape({.training = true, .threads = threads}) {
    agate::models::ModelConfig config{.model = "gin", .in = 37, .out = 2, .task = "graph"};
    agate::train::TrainOptions unused;
    agate::train::apply_preset("graph", config, unused);
    model = agate::models::make_model(config, 1);
    agate::train::ParameterGroup group{{}, 0};
    for (auto& [name, parameter] : model->parameters()) group.parameters.push_back(parameter);
    adam = agate::train::make_optimizer("adam", {group}, 0.01, 0);
    order.resize(graphs);
    std::iota(order.begin(), order.end(), Index{0});
  }

  void epoch() {
    random.shuffle(std::span(order));
    for (Index at = 0; at < graphs; at += batch) {
      const auto part = agate::data::select_graphs(
          data, std::span(order).subspan(at, std::min(batch, graphs - at)));
      const auto rows = std::span(order_of_rows).first(part.dataset.y.size());
      const auto logits = model->forward(agate::models::input_of(tape, part.dataset));
      tape.backward(agate::cross_entropy(logits, part.dataset.y, rows));
      adam->step(tape);
      tape.reset();
    }
  }

  agate::data::Dataset data = molecules();
  agate::Random random{7};
  std::vector<Index> order, order_of_rows = [] {
    std::vector<Index> rows(batch);
    std::iota(rows.begin(), rows.end(), Index{0});
    return rows;
  }();
  std::unique_ptr<agate::models::Model> model;
  std::unique_ptr<agate::train::Optimizer> adam;
  agate::Tape tape;
};

}  // namespace

std::vector<BenchRow> graph_rows() {
  return {{"epoch of 4110 graphs", [](int threads) {
             auto state = std::make_shared<State>(threads);
             return Workload{[state] { state->epoch(); }};
           }}};
}

}  // namespace tool
