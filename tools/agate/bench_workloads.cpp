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
#include <cmath>
#include <memory>
#include <numeric>

namespace tool {
namespace {

using agate::Graph;
using agate::Index;
using agate::Tape;
using agate::Tensor;
using agate::Var;

constexpr Index heads = 8, channels = 8, width = heads * channels;

Tensor random_tensor(agate::Shape shape) {
  agate::Random random(1);
  Tensor t = Tensor::uninitialized(shape);
  for (agate::Real& v : t.values()) v = static_cast<agate::Real>(random.uniform(-1, 1));
  return t;
}

// Both ends of an edge are drawn with P(rank r) ~ r^-0.6, a power law of degrees with the exponent
// 2.67, and the ranks lie scattered over the node numbers.
Graph power_law_graph(Index nodes, Index edges) {
  agate::Random random(2);
  std::vector<agate::NodeId> name(static_cast<std::size_t>(nodes));
  std::iota(name.begin(), name.end(), 0);
  random.shuffle(std::span(name));
  auto draw = [&] {
    return name[static_cast<std::size_t>(std::pow(random.uniform(), 2.5) *
                                         static_cast<double>(nodes))];
  };
  std::vector<agate::Edge> list(static_cast<std::size_t>(edges));
  for (agate::Edge& edge : list) edge = {draw(), draw()};
  return Graph::from_edges(nodes, list);
}

// Adds up the rows that attention gathers, asking for each some edges ahead.
void gather(const Graph& graph, const Tensor& table, int threads) {
  const auto sources = graph.sources();
  const auto count = static_cast<Index>(sources.size());
  constexpr Index ahead = 12, line = 64 / sizeof(agate::Real);
  agate::parallel_for(threads, count, 1 << 13, [&](Index begin, Index end) {
    agate::Real sum[width] = {};
    for (Index k = begin; k < end; ++k) {
      const agate::Real* next = table.row(sources[std::min(k + ahead, count - 1)]);
      for (Index at = 0; at < width; at += line) __builtin_prefetch(next + at);
      const agate::Real* row = table.row(sources[k]);
      for (Index c = 0; c < width; ++c) sum[c] += row[c];
    }
    // Looks at every sum, so that none of the work can be left out.
    volatile agate::Real seen = std::accumulate(sum, sum + width, agate::Real(0));
    static_cast<void>(seen);
  });
}

// Runs forward(tape), and backward from it with a gradient of ones.
template <class Forward>
std::function<void()> pass(int threads, bool backward, Forward forward) {
  auto tape = std::make_shared<Tape>(
      agate::TapeOptions{.training = backward, .record = backward, .threads = threads});
  return [tape, forward, backward] {
    const Var y = forward(*tape);
    if (backward) tape->backward(y, Tensor::full(y.shape(), 1, &tape->pool()));
    tape->reset();
  };
}

// The backward pass of forward(tape) with a gradient of ones.
template <class Forward>
Workload backward_alone(const std::string& name, int threads, double bytes, Forward forward) {
  struct State {
    explicit State(int threads) : tape({.training = true, .threads = threads}) {}
    Tape tape;
    std::optional<Var> y;
    Tensor ones;
  };
  auto state = std::make_shared<State>(threads);
  return {name, "", [state] { state->tape.backward(*state->y, state->ones); },
          [state, forward] {
            state->y.reset();
            state->tape.reset();
            state->y = forward(state->tape);
            if (state->ones.empty()) state->ones = Tensor::full(state->y->shape(), 1);
          },
          bytes};
}

template <class Layer>
void add_layer(std::vector<Workload>& workloads, const std::string& name, const Graph& graph,
               const Tensor& x, int threads, std::shared_ptr<const Layer> layer) {
  for (const bool backward : {false, true})
    workloads.push_back({name + (backward ? " forward + backward" : " forward"), "",
                         pass(threads, backward, [graph, x, layer](Tape& tape) {
                           return (*layer)(graph, tape.constant(x));
                         })});
}

}  // namespace

std::vector<Workload> layer_workloads(Index nodes, Index edges, Index inputs, bool all_layers,
                                      int threads) {
  const Graph graph = power_law_graph(nodes, edges);
  const Graph& looped = graph.with_self_loops();
  const Tensor x = random_tensor({nodes, inputs});
  std::vector<Workload> workloads;
  agate::Random random(3);
  if (all_layers) {
    const Tensor table = random_tensor({nodes, width}), scores = random_tensor({nodes, heads});
    const double messages = static_cast<double>(looped.num_messages());
    const double bytes = messages * width * sizeof(agate::Real);
    workloads.push_back({"gather limit",
                         "the rows that attention gathers, and nothing else",
                         [=] { gather(looped, table, threads); },
                         {},
                         bytes});
    auto attention = [=](Tape& tape) {
      auto in = [&](const Tensor& t) { return tape.variable(t); };
      return agate::attend(agate::AdditiveScore{.target = in(scores), .source = in(scores)}, looped,
                           in(table))
          .output;
    };
    workloads.push_back({"attention forward", "", pass(threads, false, attention), {}, bytes});
    workloads.push_back(backward_alone("attention backward", threads, bytes, attention));
  }
  add_layer(workloads, "GATConv", graph, x, threads,
            std::make_shared<const agate::nn::GATConv>(
                agate::nn::GATConvOptions{.in = inputs, .out = channels, .heads = heads}, random));
  if (!all_layers) return workloads;
  add_layer(
      workloads, "GATv2Conv", graph, x, threads,
      std::make_shared<const agate::nn::GATv2Conv>(
          agate::nn::GATv2ConvOptions{.in = inputs, .out = channels, .heads = heads}, random));
  add_layer(workloads, "TransformerConv", graph, x, threads,
            std::make_shared<const agate::nn::TransformerConv>(
                agate::nn::TransformerConvOptions{.in = inputs, .out = channels, .heads = heads},
                random));
  add_layer(workloads, "GCNConv", graph, x, threads,
            std::make_shared<const agate::nn::GCNConv>(
                agate::nn::GCNConvOptions{.in = inputs, .out = width}, random));
  return workloads;
}

}  // namespace tool
