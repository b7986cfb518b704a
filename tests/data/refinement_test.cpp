#include <agate/data/refinement.hpp>
#include <agate/graph/edges.hpp>
#include <algorithm>

#include "catch.hpp"

using namespace agate;

namespace {

/// Several paths of n nodes that know nothing, each edge both ways.
data::Dataset paths(Index count, NodeId n) {
  std::vector<Edge> edges;
  data::Dataset d{.name = "paths", .graph_offsets = {0}, .task = data::Task::graph};
  for (Index g = 0; g < count; ++g) {
    const auto first = static_cast<NodeId>(d.graph_offsets.back());
    for (NodeId i = 1; i < n; ++i) {
      edges.push_back({first + i - 1, first + i});
      edges.push_back({first + i, first + i - 1});
    }
    d.graph_offsets.push_back(first + n);
    d.y.push_back(-1);
  }
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges);
  d.x = Tensor::full({d.num_nodes(), 2}, 1);
  return d;
}

}  // namespace

TEST_CASE("paths: a round more tells the nodes next to the ends from the others") {
  const auto d = paths(3, 7);
  CHECK(data::refine(d, 0)->classes.num_nodes() == 1);
  CHECK(data::refine(d, 1)->classes.num_nodes() == 2);
  CHECK(data::refine(d, 2)->classes.num_nodes() == 3);
  const auto all = data::refine(d, 50);
  CHECK(all->classes.num_nodes() == 4);
  for (Index i = 0; i < d.num_nodes(); ++i)
    CHECK(all->class_of[i] == all->class_of[7 * (i / 7) + std::min(i % 7, 6 - i % 7)]);
  // An end hears of one node, the middle of two that are alike.
  CHECK(all->classes.graph.in_degree(all->class_of[0]) == 1);
  const Index middle = all->class_of[3];
  CHECK(all->classes.graph.in_degree(middle) == 2);
  for (Index p = all->classes.graph.offsets()[middle]; p < all->classes.graph.offsets()[middle + 1];
       ++p)
    CHECK(all->classes.graph.sources()[p] == all->class_of[2]);
}

TEST_CASE("features of nodes and edges tell nodes apart") {
  auto d = paths(4, 3);
  Tensor x = Tensor::full({12, 2}, 1), attr = Tensor::zeros({16, 1});
  x.row(1)[1] = 2;   // the middle of the first path
  *attr.row(4) = 1;  // into the middle of the second
  d.x = x;
  d.edge_attr = attr;
  const auto r = data::refine(d, 1);
  REQUIRE(r);
  CHECK(r->class_of[0] != r->class_of[9]);
  CHECK(r->class_of[4] != r->class_of[10]);
  CHECK(r->class_of[3] == r->class_of[9]);
  CHECK(r->classes.edge_attr.rows() == r->classes.graph.num_edges());
  const Index c = r->class_of[4];
  Real sum = 0;
  for (Index p = r->classes.graph.offsets()[c]; p < r->classes.graph.offsets()[c + 1]; ++p)
    sum += *r->classes.edge_attr.row(r->classes.graph.edge_ids()[p]);
  CHECK(sum == 1);
}

TEST_CASE("what does not repeat itself is not refined") {
  auto d = paths(1, 5);
  Tensor x = Tensor::zeros({5, 1});
  for (Index i = 0; i < 5; ++i) *x.row(i) = static_cast<Real>(i);
  d.x = x;
  CHECK_FALSE(data::refine(d, 2));
  auto loops = paths(3, 4);
  loops.graph = loops.graph.with_self_loops();
  CHECK_FALSE(data::refine(loops, 1));
}

TEST_CASE("layer by layer: what a round told apart the next one keeps apart") {
  const auto d = paths(3, 9);
  const auto layers = data::refine_layers(d, 3);
  REQUIRE(layers.size() == 3);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    CHECK(layers[l].classes.num_nodes() == static_cast<Index>(l) + 2);
    const Index finer = l + 1 < layers.size() ? layers[l + 1].classes.num_nodes() : d.num_nodes();
    CHECK(std::ssize(layers[l].class_of) == finer);
  }
  // The way down from a node says the same as the rounds by themselves.
  auto of = layers[2].class_of;
  for (const std::size_t l : {1u, 0u}) {
    for (Index& c : of) c = layers[l].class_of[static_cast<std::size_t>(c)];
    const auto alone = data::refine(d, static_cast<Index>(l) + 1)->class_of;
    for (Index i = 0; i < d.num_nodes(); ++i)
      for (Index j = 0; j < i; ++j) CHECK((of[i] == of[j]) == (alone[i] == alone[j]));
  }
  CHECK(data::refine_layers(d, 3, 0.1).empty());
}
