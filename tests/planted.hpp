#pragma once
// A network with two planted groups: dense inside, sparse between, features that say little.

#include <agate/core/random.hpp>
#include <agate/data/dataset.hpp>
#include <agate/data/split.hpp>

namespace AGATE_NAMESPACE {

inline data::Dataset planted(Index n = 200, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<Edge> edges;
  data::Dataset d;
  for (Index i = 0; i < n; ++i) d.y.push_back(static_cast<int>(i % 2));
  for (NodeId i = 0; i < n; ++i)
    for (NodeId j = 0; j < i; ++j)
      if (random.uniform() < (d.y[i] == d.y[j] ? 10.0 : 1.0) / static_cast<double>(n))
        edges.push_back({i, j});
  Tensor x = Tensor::uninitialized({n, 4});
  for (Index i = 0; i < n; ++i)
    for (Index c = 0; c < 4; ++c)
      x.row(i)[c] = static_cast<Real>(random.normal() + (c == 0 ? d.y[i] - 0.5 : 0));
  d.name = "planted";
  d.graph = Graph::from_edges(n, edges, {.undirected = true});
  d.x = x;
  d.classes = {"even", "odd"};
  return d;
}

}  // namespace AGATE_NAMESPACE
