#include <agate/data/packed.hpp>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

using Ids = std::vector<Index>;

/// Graphs of 2, 0, 1 and 3 nodes, the last with edges of both kinds.
Dataset four_graphs() {
  const Edge edges[] = {{4, 3}, {0, 1}, {5, 4}};
  Dataset d;
  d.name = "four";
  d.graph = Graph::from_edges(6, edges, {.undirected = true});
  d.x = Tensor::from({6, 1}, {0, 1, 2, 3, 4, 5});
  d.y = {0, 1, -1, 1, 0, 1};
  d.classes = {"a", "b"};
  d.node_ids = {"n0", "n1", "n2", "n3", "n4", "n5"};
  d.graph_offsets = {0, 2, 2, 3, 6};
  return d;
}

}  // namespace

TEST_CASE("some graphs of a dataset are a dataset", "[data]") {
  const Dataset d = four_graphs();
  validate(d);
  const auto [part, nodes] = select_graphs(d, Ids{1, 2, 3});
  CHECK_NOTHROW(validate(part));
  CHECK(nodes == Ids{2, 3, 4, 5});
  CHECK(part.graph_offsets == Ids{0, 0, 1, 4});
  CHECK(part.graph.num_edges() == 2);
  CHECK(part.graph.edge_ids()[0] == 0);
  CHECK(part.y == std::vector<int>{-1, 1, 0, 1});
  CHECK(std::get<Tensor>(part.x).row(3)[0] == 5);
  CHECK(part.node_name(1) == "n3");
  CHECK(part.classes == d.classes);
  CHECK(part.splits.empty());
}

TEST_CASE("several labels and sparse features are picked too", "[data]") {
  Dataset d = four_graphs();
  d.y.clear();
  d.node_ids.clear();
  d.targets = Tensor::from({6, 2}, {0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0});
  d.x = SparseMatrix(6, 2, {{0, 1, 1, 1, 1, 1, 2}, {1, 0}, {7, 9}});
  const auto part = select_graphs(d, Ids{0, 3}).dataset;
  CHECK_NOTHROW(validate(part));
  CHECK(part.y.empty());
  CHECK(part.targets.row(2)[1] == 1);
  CHECK(std::get<SparseMatrix>(part.x).to_dense().row(4)[0] == 9);
}

TEST_CASE("nodes find their graphs, and their rows in a part", "[data]") {
  const Dataset d = four_graphs();
  CHECK(graphs_of(d, Ids{0, 1, 2, 5}) == Ids{0, 2, 3});
  CHECK(graphs_of(d, Ids{}).empty());
  const auto part = select_graphs(d, Ids{0, 3});
  CHECK(part.rows_of(Ids{1, 2, 3, 5}) == Ids{1, 2, 4});
  CHECK(part.rows_of(Ids{2}).empty());
  Dataset one = d;
  one.graph_offsets.clear();
  CHECK(graphs_of(one, Ids{3, 5}) == Ids{0});
  CHECK(select_graphs(one, Ids{0}).nodes.size() == 6);
}

TEST_CASE("graphs that are not there are refused", "[data]") {
  const Dataset d = four_graphs();
  CHECK(refusal([&] { select_graphs(d, Ids{4}); }).says("names graph 4, there are 4"));
  CHECK(refusal([&] { select_graphs(d, Ids{2, 1}); }).says("do not ascend at graph 1"));
  CHECK(refusal([&] { graphs_of(d, Ids{6}); }).says("no node 6"));
}
