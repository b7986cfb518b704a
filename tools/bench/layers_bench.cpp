// Speed of the graph layers, beside the limit that memory sets: the bytes that attention must
// gather, at the rate at which this machine gathers them with prefetching, in the same process.
//
//   cmake -B build/bench -DAGATE_BENCHMARKS=ON -DAGATE_TESTS=OFF && cmake --build build/bench
//   build/bench/tools/bench/agate_bench --benchmark_repetitions=7
//   --benchmark_report_aggregates_only=true
//
// The argument of each benchmark is the number of threads.

#include <benchmark/benchmark.h>
#include <agate/core/parallel.hpp>
#include <agate/core/random.hpp>
#include <agate/models/model.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/adam.hpp>
#include <cmath>

namespace {

using agate::Index;

constexpr Index heads = 8, channels = 8, width = heads * channels;

agate::Tensor random_tensor(agate::Shape shape) {
  agate::Random random(1);
  agate::Tensor t = agate::Tensor::uninitialized(shape);
  for (agate::Real& v : t.values()) v = static_cast<agate::Real>(random.uniform(-1, 1));
  return t;
}

// As large as ogbn-arxiv: 169,343 nodes, 2.38 million messages; sources follow a power law.
const agate::Graph& large_graph() {
  static const agate::Graph graph = [] {
    constexpr Index nodes = 169343, edges = 2380000;
    agate::Random random(2);
    std::vector<agate::Edge> list;
    for (Index e = 0; e < edges; ++e) {
      const double u = random.uniform();
      list.push_back({static_cast<agate::NodeId>(std::pow(u, 3) * nodes),
                      static_cast<agate::NodeId>(random.below(nodes))});
    }
    const agate::Graph made = agate::Graph::from_edges(nodes, list);
    made.with_self_loops().by_source();  // what is built once is not part of any figure
    agate::nn::gcn_norm(made).transpose();
    return made;
  }();
  return graph;
}

// Sums of the rows that attention gathers, and nothing else.
void gather_limit(benchmark::State& state) {
  const agate::Graph& graph = large_graph();
  const agate::Tensor table = random_tensor({graph.num_nodes(), width});
  const auto sources = graph.sources();
  const auto count = static_cast<Index>(sources.size());
  for (auto _ : state) {
    agate::parallel_for(static_cast<int>(state.range(0)), count, 1 << 14,
                        [&](Index begin, Index end) {
                          float sum[width] = {};
                          for (Index k = begin; k < end; ++k) {
                            const float* ahead = table.row(sources[std::min(k + 12, count - 1)]);
                            for (Index at = 0; at < width; at += 16) __builtin_prefetch(ahead + at);
                            const float* row = table.row(sources[k]);
                            for (Index c = 0; c < width; ++c) sum[c] += row[c];
                          }
                          benchmark::DoNotOptimize(sum[0]);
                          benchmark::ClobberMemory();
                        });
  }
  state.SetBytesProcessed(state.iterations() * count * width * Index{sizeof(float)});
}

template <class Layer>
void run_layer(benchmark::State& state, const Layer& layer, bool backward) {
  const agate::Graph& graph = large_graph();
  const agate::Tensor x = random_tensor({graph.num_nodes(), 128});
  agate::Tape tape({.training = backward, .record = backward, .threads = int(state.range(0))});
  auto pass = [&] {
    const agate::Var y = layer(graph, tape.constant(x));
    if (backward) tape.backward(y, agate::Tensor::full(y.shape(), 1, &tape.pool()));
    benchmark::DoNotOptimize(y.value().data());
    tape.reset();
  };
  pass();  // takes the memory that every further pass uses again
  for (auto _ : state) pass();
}

void gat_forward(benchmark::State& state) {
  agate::Random random(3);
  run_layer(state, agate::nn::GATConv({.in = 128, .out = channels, .heads = heads}, random), false);
}
void gat_forward_backward(benchmark::State& state) {
  agate::Random random(3);
  run_layer(state, agate::nn::GATConv({.in = 128, .out = channels, .heads = heads}, random), true);
}
void gcn_forward_backward(benchmark::State& state) {
  agate::Random random(3);
  run_layer(state, agate::nn::GCNConv({.in = 128, .out = width}, random), true);
}

// A training step as on Cora: 2,708 nodes, 5,278 undirected edges, 1,433 sparse features.
void training_step(benchmark::State& state) {
  constexpr Index nodes = 2708, words = 1433;
  agate::Random random(4);
  std::vector<agate::Edge> edges;
  for (Index e = 0; e < 5278; ++e)
    edges.push_back({static_cast<agate::NodeId>(random.below(nodes)),
                     static_cast<agate::NodeId>(random.below(nodes))});
  const agate::Graph graph = agate::Graph::from_edges(nodes, edges, {.undirected = true});
  agate::CsrArrays arrays{{0}, {}, {}};
  for (Index i = 0; i < nodes; ++i) {
    for (int k = 0; k < 18; ++k) {
      arrays.columns.push_back(static_cast<agate::NodeId>(random.below(words)));
      arrays.values.push_back(1.0f / 18);
    }
    arrays.offsets.push_back(static_cast<Index>(arrays.columns.size()));
  }
  const agate::SparseMatrix x(nodes, words, std::move(arrays));
  std::vector<int> y(nodes);
  std::vector<Index> train(140);
  for (Index i = 0; i < nodes; ++i) y[static_cast<std::size_t>(i)] = static_cast<int>(i % 7);
  for (Index i = 0; i < 140; ++i) train[static_cast<std::size_t>(i)] = i;
  const auto model = agate::models::make_model({.model = "gat", .in = words, .out = 7}, 1);
  agate::train::ParameterGroup group{{}, 5e-4};
  for (auto& [name, parameter] : model->parameters()) group.parameters.push_back(parameter);
  agate::train::Adam adam({group}, {.lr = 0.005});
  agate::Tape tape({.training = true, .threads = int(state.range(0))});
  for (auto _ : state) {
    tape.backward(agate::cross_entropy(model->forward(graph, agate::Features(tape, x)), y, train));
    adam.step(tape);
    tape.reset();
  }
}

// One graph of 20 nodes and 40 edges through a GAT of two layers.
void small_graph(benchmark::State& state) {
  agate::Random random(5);
  std::vector<agate::Edge> edges;
  for (int e = 0; e < 20; ++e)
    edges.push_back({static_cast<agate::NodeId>(random.below(20)),
                     static_cast<agate::NodeId>(random.below(20))});
  const agate::Graph graph = agate::Graph::from_edges(20, edges, {.undirected = true});
  const agate::FeatureMatrix x = random_tensor({20, 16});
  const auto model = agate::models::make_model({.model = "gat", .in = 16, .out = 4}, 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(model->predict(graph, x, int(state.range(0))).data());
}

BENCHMARK(gather_limit)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(gat_forward)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(gat_forward_backward)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(gcn_forward_backward)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(training_step)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(small_graph)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
