#include <agate/data/subgraph.hpp>
#include <agate/graph/edges.hpp>

#include "catch.hpp"

using namespace agate;

namespace {

/// A path of four nodes and one of two, each edge both ways; node k has the feature k, edge e the
/// feature e.
data::Dataset two_paths(data::Task task) {
  const std::vector<Edge> edges{{0, 1}, {1, 0}, {1, 2}, {2, 1}, {2, 3}, {3, 2}, {4, 5}, {5, 4}};
  data::Dataset d{.name = "paths",
                  .graph = Graph::from_edges(6, edges),
                  .graph_offsets = {0, 4, 6},
                  .task = task};
  Tensor x = Tensor::zeros({6, 1}), attr = Tensor::zeros({8, 1});
  for (Index i = 0; i < 6; ++i) *x.row(i) = static_cast<Real>(i);
  for (Index e = 0; e < 8; ++e) *attr.row(e) = static_cast<Real>(e);
  d.x = x;
  d.edge_attr = attr;
  d.classes = {"a", "b"};
  d.y.assign(task == data::Task::node ? 6 : 2, 1);
  d.y[0] = 0;
  return d;
}

std::vector<Real> column(const Tensor& x) { return {x.values().begin(), x.values().end()}; }

}  // namespace

TEST_CASE("kept nodes keep what is known of them and of the edges among them") {
  for (const auto task : {data::Task::node, data::Task::graph}) {
    const auto d = two_paths(task);
    const auto part = data::keep_nodes(d, std::vector<Index>{1, 2, 4, 5});
    CHECK_NOTHROW(data::validate(part));
    CHECK(column(std::get<Tensor>(part.x)) == std::vector<Real>{1, 2, 4, 5});
    CHECK(edge_list(part.graph) == std::vector<Edge>{{0, 1}, {1, 0}, {2, 3}, {3, 2}});
    CHECK(column(part.edge_attr) == std::vector<Real>{2, 3, 6, 7});
    CHECK(part.graph_offsets == std::vector<Index>{0, 2, 4});
    CHECK(part.num_items() == (task == data::Task::node ? 4 : 2));
    CHECK(part.y.front() == (task == data::Task::node ? 1 : 0));
    if (task == data::Task::node) CHECK(part.row_of(2) == 4);
  }
  // A graph that loses all of its nodes is still there.
  const auto empty = data::keep_nodes(two_paths(data::Task::graph), std::vector<Index>{0, 3});
  CHECK(empty.graph_offsets == std::vector<Index>{0, 2, 2});
  CHECK(empty.graph.num_edges() == 0);
  CHECK(empty.edge_attr.rows() == 0);
}

TEST_CASE("kept edges leave all nodes where they are") {
  const auto part = data::keep_edges(two_paths(data::Task::graph), std::vector<Index>{0, 1, 6, 7});
  CHECK_NOTHROW(data::validate(part));
  CHECK(part.num_nodes() == 6);
  CHECK(edge_list(part.graph) == std::vector<Edge>{{0, 1}, {1, 0}, {4, 5}, {5, 4}});
  CHECK(column(part.edge_attr) == std::vector<Real>{0, 1, 6, 7});
}

TEST_CASE("parts of a dataset that cannot be are refused") {
  const auto d = two_paths(data::Task::graph);
  CHECK_THROWS_AS(data::keep_nodes(d, std::vector<Index>{2, 1}), Error);
  CHECK_THROWS_AS(data::keep_edges(d, std::vector<Index>{8}), Error);
  auto edges = d;
  edges.task = data::Task::edge;
  CHECK_THROWS_WITH(data::keep_nodes(edges, std::vector<Index>{1}), Catch::Contains("edges"));
}
