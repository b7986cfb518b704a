#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/data/encodings.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index most_walk_nodes = 50'000;
constexpr Index block = 16;  // walks side by side: one cache line pair per node

void check_one_node_set(const Graph& graph) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "structural encodings: the graph is bipartite, they are defined for one set of nodes");
}

/// 1 / (outgoing edges) per node, 0 where there are none: a walk that gets there ends.
std::vector<double> inverse_out_degrees(const Graph& graph) {
  std::vector<double> inverse(static_cast<std::size_t>(graph.num_nodes()), 0);
  for (Index i = 0; i < graph.num_nodes(); ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      if (graph.sources()[p] != i) ++inverse[graph.sources()[p]];
  for (double& d : inverse)
    if (d > 0) d = 1 / d;
  return inverse;
}

/// after[j] = sum over the edges i -> j of before[i] / degree(i), for a block of walks at once.
void step(const Graph& graph, const std::vector<double>& inverse, const std::vector<double>& before,
          std::vector<double>& after) {
  for (Index j = 0; j < graph.num_nodes(); ++j) {
    double* to = after.data() + j * block;
    std::fill(to, to + block, 0.0);
    for (Index p = graph.offsets()[j]; p < graph.offsets()[j + 1]; ++p) {
      const Index i = graph.sources()[p];
      if (i == j) continue;
      const double* from = before.data() + i * block;
      for (Index b = 0; b < block; ++b) to[b] += from[b] * inverse[i];
    }
  }
}

}  // namespace

Tensor degree_encoding(const Graph& graph) {
  check_one_node_set(graph);
  Tensor out = Tensor::uninitialized({graph.num_nodes(), 1});
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    Index degree = 0;
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      degree += graph.sources()[p] != i;
    out.data()[i] = static_cast<Real>(std::log1p(static_cast<double>(degree)));
  }
  return out;
}

Tensor out_degree_encoding(const Graph& graph) {
  check_one_node_set(graph);
  Tensor out = Tensor::zeros({graph.num_nodes(), 1});
  for (Index i = 0; i < graph.num_nodes(); ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      if (graph.sources()[p] != i) ++out.data()[graph.sources()[p]];
  for (Real& degree : out.values()) degree = std::log1p(degree);
  return out;
}

Tensor random_walk_encoding(const Graph& graph, int steps) {
  check_one_node_set(graph);
  const Index nodes = graph.num_nodes();
  check(steps > 0, ErrorCode::value, "random walk encoding: ", steps,
        " steps, at least 1 is needed");
  check(nodes <= most_walk_nodes, ErrorCode::limit, "random walk encoding: the graph has ", nodes,
        " nodes, at most ", most_walk_nodes, " are supported");
  checked_product(nodes, steps, "random walk encoding");
  const auto inverse = inverse_out_degrees(graph);
  Tensor out = Tensor::zeros({nodes, steps});
  parallel_chunks(0, chunk_count(nodes, block), [&](Index chunk) {
    const Index first = chunk * block, last = std::min(first + block, nodes);
    std::vector<double> now(static_cast<std::size_t>(nodes * block), 0), next(now.size());
    for (Index s = first; s < last; ++s) now[s * block + (s - first)] = 1;
    for (int k = 0; k < steps; ++k) {
      step(graph, inverse, now, next);
      now.swap(next);
      for (Index s = first; s < last; ++s)
        out.row(s)[k] = static_cast<Real>(now[s * block + (s - first)]);
    }
  });
  return out;
}

}  // namespace AGATE_NAMESPACE::data
