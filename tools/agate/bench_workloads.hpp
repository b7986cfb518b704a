#pragma once
// What `agate bench` times.

#include <agate/core/config.hpp>
#include <functional>
#include <string>
#include <vector>

namespace tool {

// Prepared once, run many times.
struct Workload {
  std::function<void()> run;
  std::function<void()> prepare{};  // before each run, not timed
  int repeats = 1;                  // runs that make one measurement
};

struct BenchRow {
  std::string name;
  std::function<Workload(int threads)> make;
  // What a run must do at least, and in what: bytes to gather or floating-point operations. Rows
  // are compared with the limit that was named last.
  double work = 0;
  const char* unit = "B";
  bool is_limit = false;
  // Rows that differ in length alone: the exponent of time in length is found for each series.
  std::string series{};
  agate::Index length = 0;
  // For layers: runs it from the list of edges on, the graph built anew, after calling `ready` when
  // inputs and edges are there.
  std::function<void(int threads, const std::function<void()>& ready)> from_scratch{};
};

// A random power-law graph: P(rank r) ~ r^-0.6 for both ends of an edge (an exponent of 2.67 for
// the degrees), the ranks scattered over the node numbers.
struct BenchGraph {
  agate::Index nodes, edges, inputs;
};

// Attention alone (8 x 8), the rows that it gathers and nothing else, and whole layers, forward and
// backward (inputs need no gradient).
std::vector<BenchRow> attention_rows(const BenchGraph& graph);
std::vector<BenchRow> layer_rows(const BenchGraph& graph);
// Attention over ever longer sequences (8 heads x 64, forward and backward) beside the matrix
// product: exact in tiles, causal, in its plain form, and by random features, these up to 16k
// positions or, if large, 64k.
std::vector<BenchRow> dense_rows(bool large);
// One training step of a GAT (8 x 8, dropout 0.6) on a graph of Cora's size with sparse features;
// a graph of 20 nodes and 40 edges through a GAT of two layers.
std::vector<BenchRow> model_rows();
// One epoch of a GIN (5 x 64) over as many and as large graphs as NCI1 holds, 32 per step; one
// training step of AttentiveFP (2 layers and 2 timesteps of 200 channels) on 128 molecules.
std::vector<BenchRow> graph_rows();
// One training step of a Transformer (4 layers of encoder and decoder each, 256 channels, 8 heads)
// on 16 pairs of 256 positions; a decoder of 2 layers that says ever longer sequences.
std::vector<BenchRow> sequence_rows();

}  // namespace tool
