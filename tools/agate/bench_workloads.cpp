#include "bench_workloads.hpp"

#include <agate/attention/attend.hpp>
#include <agate/core/parallel.hpp>
#include <agate/core/random.hpp>
#include <agate/models/model.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/optimizer.hpp>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>

#include "bench_passes.hpp"

namespace tool {
namespace {

using agate::Graph;
using agate::Index;
using agate::Real;
using agate::Tape;
using agate::Tensor;
using agate::Var;

constexpr Index heads = 8, channels = 8, width = heads * channels;

std::vector<agate::Edge> power_law_edges(const BenchGraph& size) {
  agate::Random random(2);
  std::vector<agate::NodeId> name(static_cast<std::size_t>(size.nodes));
  std::iota(name.begin(), name.end(), 0);
  random.shuffle(std::span(name));
  auto draw = [&] {
    const double rank = std::pow(random.uniform(), 2.5) * static_cast<double>(size.nodes);
    return name[static_cast<std::size_t>(rank)];
  };
  std::vector<agate::Edge> edges(static_cast<std::size_t>(size.edges));
  for (agate::Edge& edge : edges) edge = {draw(), draw()};
  return edges;
}

// Rows of one benchmark share the graph, which is built on first use.
struct Shared {
  explicit Shared(const BenchGraph& s) : size(s) {}
  BenchGraph size;
  std::optional<Graph> graph_;
  Tensor x_;
  const Graph& graph() {
    if (!graph_) graph_ = Graph::from_edges(size.nodes, power_law_edges(size));
    return *graph_;
  }
  const Tensor& x() {
    if (x_.empty()) x_ = random_tensor({size.nodes, size.inputs});
    return x_;
  }
};

// Adds up the rows that attention gathers, asking for each some edges ahead.
void gather(const Graph& graph, const Tensor& table, int threads) {
  const auto sources = graph.sources();
  const auto count = static_cast<Index>(sources.size());
  constexpr Index ahead = 32, line = 64 / sizeof(Real);
  agate::parallel_for(threads, count, 1 << 13, [&](Index begin, Index end) {
    Real sum[width] = {};
    for (Index k = begin; k < end; ++k) {
      const Real* next = table.row(sources[std::min(k + ahead, count - 1)]);
      for (Index at = 0; at < width; at += line) __builtin_prefetch(next + at);
      const Real* row = table.row(sources[k]);
      for (Index c = 0; c < width; ++c) sum[c] += row[c];
    }
    // Looks at every sum, so that none of the work can be left out.
    volatile Real seen = std::accumulate(sum, sum + width, Real(0));
    static_cast<void>(seen);
  });
}

// The backward pass of forward(tape) alone.
template <class Forward>
Workload backward_alone(int threads, Forward forward) {
  struct State {
    explicit State(int t) : tape({.training = true, .threads = t}) {}
    Tape tape;
    std::optional<Var> y;
    Tensor ones;
  };
  auto state = std::make_shared<State>(threads);
  return {[state] { state->tape.backward(*state->y, state->ones); },
          [state, forward] {
            state->y.reset();
            state->tape.reset();
            state->y = forward(state->tape);
            if (state->ones.empty()) state->ones = Tensor::full(state->y->shape(), 1);
          }};
}

template <class Layer, class Options>
void add_layer(std::vector<BenchRow>& rows, const std::string& name,
               const std::shared_ptr<Shared>& shared, Options options, bool looped) {
  auto make_layer = [options] {
    agate::Random random(3);
    return std::make_shared<const Layer>(options, random);
  };
  for (const bool backward : {false, true}) {
    BenchRow row{name + (backward ? " forward + backward" : " forward"), [=](int threads) {
                   return pass(threads, backward,
                               [graph = shared->graph(), x = shared->x(), layer = make_layer()](
                                   Tape& tape) { return (*layer)(graph, tape.constant(x)); });
                 }};
    if (backward)
      row.from_scratch = [=](int threads, const std::function<void()>& ready) {
        const auto edges = power_law_edges(shared->size);
        const Tensor x = random_tensor({shared->size.nodes, shared->size.inputs});
        ready();
        const Graph graph = Graph::from_edges(shared->size.nodes, edges, {.self_loops = looped});
        const Workload work = pass(threads, true, [graph, x, layer = make_layer()](Tape& tape) {
          return (*layer)(graph, tape.constant(x));
        });
        for (int k = 0; k < 2; ++k) work.run();
      };
    rows.push_back(std::move(row));
  }
}

// As Cora: 2,708 nodes, 5,278 undirected edges, 1,433 sparse features, 140 training nodes.
struct CoraLike {
  static constexpr Index nodes = 2708, words = 1433, classes = 7;
  Graph graph;
  agate::FeatureMatrix x;
  std::vector<int> y;
  std::vector<Index> train;

  CoraLike() {
    agate::Random random(4);
    auto node = [&] { return static_cast<agate::NodeId>(random.below(nodes)); };
    std::vector<agate::Edge> edges(5278);
    for (agate::Edge& edge : edges) edge = {node(), node()};
    graph = Graph::from_edges(nodes, edges, {.undirected = true});
    agate::CsrArrays arrays{{0}, {}, {}};
    for (Index i = 0; i < nodes; ++i) {
      for (int k = 0; k < 18; ++k) {
        arrays.columns.push_back(static_cast<agate::NodeId>(random.below(words)));
        arrays.values.push_back(Real(1) / 18);
      }
      arrays.offsets.push_back(static_cast<Index>(arrays.columns.size()));
      y.push_back(static_cast<int>(i % classes));
      if (i < 140) train.push_back(i);
    }
    x = agate::SparseMatrix(nodes, words, std::move(arrays));
  }
};

Workload training_step(int threads) {
  struct State {
    explicit State(int t) : tape({.training = true, .threads = t}) {}
    CoraLike data;
    std::unique_ptr<agate::models::Model> model = agate::models::make_model(
        {.model = "gat", .in = CoraLike::words, .out = CoraLike::classes}, 1);
    std::unique_ptr<agate::train::Optimizer> adam;
    Tape tape;
  };
  auto state = std::make_shared<State>(threads);
  agate::train::ParameterGroup group{{}, 5e-4};
  for (auto& [name, parameter] : state->model->parameters()) group.parameters.push_back(parameter);
  state->adam = agate::train::make_optimizer("adam", {group}, 0.005, 0);
  return {[state] {
            Tape& tape = state->tape;
            const CoraLike& d = state->data;
            const Var logits = state->model->forward({d.graph, agate::Features(tape, d.x)});
            tape.backward(agate::cross_entropy(logits, d.y, d.train));
            state->adam->step(tape);
            tape.reset();
          },
          {},
          20};
}

Workload small_graph(int) {
  agate::Random random(5);
  std::vector<agate::Edge> edges(20);
  for (agate::Edge& edge : edges)
    edge = {static_cast<agate::NodeId>(random.below(20)),
            static_cast<agate::NodeId>(random.below(20))};
  const Graph graph = Graph::from_edges(20, edges, {.undirected = true});
  const agate::FeatureMatrix x = random_tensor({20, 16});
  const std::shared_ptr<const agate::models::Model> model =
      agate::models::make_model({.model = "gat", .in = 16, .out = 4}, 1);
  return {[=] { model->predict(graph, x, 1); }, {}, 1000};
}

}  // namespace

std::vector<BenchRow> attention_rows(const BenchGraph& size) {
  auto shared = std::make_shared<Shared>(size);
  struct Tables {
    Tensor values, scores;
  };
  auto tables = std::make_shared<Tables>();
  auto attention = [=] {
    if (tables->values.empty()) {
      tables->values = random_tensor({size.nodes, width});
      tables->scores = random_tensor({size.nodes, heads});
    }
    return [graph = shared->graph().with_self_loops(), t = *tables](Tape& tape) {
      auto in = [&](const Tensor& tensor) { return tape.variable(tensor); };
      return agate::attend(agate::AdditiveScore{.target = in(t.scores), .source = in(t.scores)},
                           graph, in(t.values))
          .output;
    };
  };
  const auto messages = static_cast<double>(size.edges + size.nodes);
  const double bytes = messages * width * sizeof(Real);
  return {{"attention gather limit",
           [=](int threads) {
             attention();
             const Graph& graph = shared->graph().with_self_loops();
             return Workload{[=] { gather(graph, tables->values, threads); }};
           },
           bytes, "B", true},
          {"attention forward", [=](int t) { return pass(t, false, attention()); }, bytes},
          {"attention backward", [=](int t) { return backward_alone(t, attention()); }, bytes}};
}

std::vector<BenchRow> layer_rows(const BenchGraph& size) {
  auto shared = std::make_shared<Shared>(size);
  std::vector<BenchRow> rows;
  namespace nn = agate::nn;
  add_layer<nn::GATConv>(rows, "GATConv", shared,
                         nn::GATConvOptions{.in = size.inputs, .out = channels, .heads = heads},
                         true);
  add_layer<nn::GATv2Conv>(rows, "GATv2Conv", shared,
                           nn::GATv2ConvOptions{.in = size.inputs, .out = channels, .heads = heads},
                           true);
  add_layer<nn::TransformerConv>(
      rows, "TransformerConv", shared,
      nn::TransformerConvOptions{.in = size.inputs, .out = channels, .heads = heads}, false);
  add_layer<nn::GCNConv>(rows, "GCNConv", shared,
                         nn::GCNConvOptions{.in = size.inputs, .out = width}, false);
  return rows;
}

std::vector<BenchRow> model_rows() {
  return {{"training step", training_step}, {"small graph", small_graph}};
}

}  // namespace tool
