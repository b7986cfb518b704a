// Training on many small graphs, and on molecules.

#include <agate/core/random.hpp>
#include <agate/data/batches.hpp>
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

std::unique_ptr<agate::train::Optimizer> adam_of(agate::models::Model& model, double lr) {
  agate::train::ParameterGroup group{{}, 0};
  for (auto& [name, parameter] : model.parameters()) group.parameters.push_back(parameter);
  return agate::train::make_optimizer("adam", {group}, lr, 0);
}

struct State {
  explicit State(int threads) : tape({.training = true, .threads = threads}) {
    agate::models::ModelConfig config{.model = "gin", .in = 37, .out = 2, .task = "graph"};
    agate::train::TrainOptions unused;
    agate::train::apply_preset("graph", config, unused);
    model = agate::models::make_model(config, 1);
    adam = adam_of(*model, 0.01);
    order.resize(graphs);
    std::iota(order.begin(), order.end(), Index{0});
  }

  void epoch() {
    random.shuffle(std::span(order));
    std::vector<std::vector<Index>> batches;
    for (Index at = 0; at < graphs; at += batch)
      batches.emplace_back(order.begin() + at, order.begin() + std::min(at + batch, graphs));
    agate::data::visit_batches(
        data, batches, tape.threads(), [&](Index, const agate::data::GraphPart& part) {
          const auto rows = std::span(order_of_rows).first(part.dataset.y.size());
          const auto logits = model->forward(agate::models::input_of(tape, part.dataset));
          tape.backward(agate::cross_entropy(logits, part.dataset.y, rows));
          adam->step(tape);
          tape.reset();
          return true;
        });
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

// A batch as of Tox21: 128 molecules of 12 to 25 atoms on a path, with one or two rings closed; 9
// of 174 columns at each atom, 3 of 13 at each bond, 12 labels of each molecule.
struct MadeMolecules {
  static constexpr Index count = 128, atom_columns = 174, bond_columns = 13, labels = 12;
  MadeMolecules() {
    agate::Random random(8);
    std::vector<agate::Edge> bonds;
    agate::CsrArrays atoms{{0}, {}, {}};
    for (Index g = 0; g < count; ++g) {
      const Index first = offsets.back(), size = 12 + static_cast<Index>(random.below(14));
      for (Index i = 0; i < size; ++i) {
        if (i > 0)
          bonds.push_back({static_cast<NodeId>(first + i - 1), static_cast<NodeId>(first + i)});
        for (Index f = 0; f < 9; ++f) {
          atoms.columns.push_back(
              static_cast<NodeId>(19 * f + static_cast<Index>(random.below(19))));
          atoms.values.push_back(1);
        }
        atoms.offsets.push_back(std::ssize(atoms.columns));
      }
      for (Index ring = 0; ring < 1 + g % 3 / 2 + g % 2; ++ring) {
        const auto from = static_cast<Index>(random.below(size - 5));
        bonds.push_back({static_cast<NodeId>(first + from), static_cast<NodeId>(first + from + 5)});
      }
      offsets.push_back(first + size);
    }
    graph = agate::Graph::from_edges(offsets.back(), bonds, {.undirected = true});
    x = agate::SparseMatrix(offsets.back(), atom_columns, std::move(atoms));
    edge_attr = agate::Tensor::zeros({graph.num_edges(), bond_columns});
    const Index kinds[] = {0, 5, 11, bond_columns};
    for (Index e = 0; e < graph.num_edges(); ++e)
      for (int k = 0; k < 3; ++k)
        edge_attr.row(e)[kinds[k] + static_cast<Index>(random.below(kinds[k + 1] - kinds[k]))] = 1;
    targets = agate::Tensor::zeros({count, labels});
    for (agate::Real& v : targets.values()) v = static_cast<agate::Real>(random.below(2));
    rows.resize(count);
    std::iota(rows.begin(), rows.end(), Index{0});
  }
  std::vector<Index> offsets{0}, rows;
  agate::Graph graph;
  agate::SparseMatrix x;
  agate::Tensor edge_attr, targets;
};

struct MoleculeState {
  explicit MoleculeState(int threads) : tape({.training = true, .threads = threads}) {
    agate::models::ModelConfig config{.model = "attentive_fp",
                                      .in = MadeMolecules::atom_columns,
                                      .out = MadeMolecules::labels,
                                      .task = "graph",
                                      .edge_dim = MadeMolecules::bond_columns};
    agate::train::TrainOptions unused;
    agate::train::apply_preset("molecule", config, unused);
    model = agate::models::make_model(config, 1);
    adam = adam_of(*model, 0.001);
  }

  // A batch of a loader brings a graph of which nothing is known yet: so does the copy.
  void step() {
    const agate::models::Input input{.graph = data.graph.clone(),
                                     .x = agate::Features(tape, data.x),
                                     .edge_attr = tape.constant(data.edge_attr),
                                     .offsets = data.offsets};
    tape.backward(
        agate::binary_cross_entropy_with_logits(model->forward(input), data.targets, data.rows));
    adam->step(tape);
    tape.reset();
  }

  MadeMolecules data;
  std::unique_ptr<agate::models::Model> model;
  std::unique_ptr<agate::train::Optimizer> adam;
  agate::Tape tape;
};

}  // namespace

std::vector<BenchRow> graph_rows() {
  return {{"epoch of 4110 graphs",
           [](int threads) {
             auto state = std::make_shared<State>(threads);
             return Workload{[state] { state->epoch(); }};
           }},
          {"AttentiveFP step, 128 molecules", [](int threads) {
             auto state = std::make_shared<MoleculeState>(threads);
             return Workload{[state] { state->step(); }, {}, 5};
           }}};
}

}  // namespace tool
