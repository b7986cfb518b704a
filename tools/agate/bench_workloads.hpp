#pragma once
// What `agate bench` times: each workload is prepared once and run many times.

#include <agate/core/config.hpp>
#include <functional>
#include <string>
#include <vector>

namespace tool {

struct Workload {
  std::string name, about;
  std::function<void()> run;
  std::function<void()> prepare{};  // before each run, not timed
  double gathered_bytes = 0;  // what attention must gather at least, for workloads that gather
  int repeats = 1;            // runs that make one measurement
};

// Attention on a random power-law graph: the bytes it must gather and nothing else, the attention
// kernel alone, and whole layers forward and backward (inputs need no gradient).
std::vector<Workload> layer_workloads(agate::Index nodes, agate::Index edges, agate::Index inputs,
                                      bool all_layers, int threads);
// One training step of a GAT (8 x 8, dropout 0.6) on a graph of Cora's size.
Workload training_step(int threads);
// A graph of 20 nodes and 40 edges through a GAT of two layers, on one thread.
Workload small_graph();

}  // namespace tool
