#include <agate/data/packed.hpp>
#include <algorithm>

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
  CHECK(refusal([&] { select_graphs(d, Ids{0, -1}); }).says("names graph -1, there are 4"));
  CHECK(refusal([&] { graphs_of(d, Ids{6}); }).says("no node 6"));
}

TEST_CASE("graphs are selected in any order, and again", "[data]") {
  Dataset d = four_graphs();
  d.times = {10, 11, 12, 13, 14, 15};
  const auto part = select_graphs(d, Ids{3, 0, 1, 0});
  CHECK_NOTHROW(validate(part.dataset));
  CHECK(part.nodes == Ids{3, 4, 5, 0, 1, 0, 1});
  CHECK(part.dataset.graph_offsets == Ids{0, 3, 5, 5, 7});
  CHECK(part.dataset.y == std::vector<int>{1, 0, 1, 0, 1, 0, 1});
  CHECK(part.dataset.times == std::vector<double>{13, 14, 15, 10, 11, 10, 11});
  CHECK(part.dataset.graph.num_edges() == 4);
  CHECK(part.rows_of(Ids{1, 3, 5}) == Ids{0, 2, 4, 6});
  CHECK(part.rows_of(Ids{2}).empty());
}

TEST_CASE("graphs that are the items keep what is known of them and of their edges", "[data]") {
  Dataset d = four_graphs();
  d.task = Task::graph;
  d.y = {0, 1, -1, 1};
  d.graph_ids = {"g0", "g1", "g2", "g3"};
  d.edge_attr = Tensor::from({3, 2}, {0, 10, 1, 11, 2, 12});
  d.times = {1, 2, 3, 4};
  d.groups = {"a", "b", "a", "c"};
  d.rows = {0, 2, 3, 6};
  d.source_rows = 7;
  CHECK_NOTHROW(validate(d));
  const auto part = select_graphs(d, Ids{3, 2, 0}).dataset;
  CHECK_NOTHROW(validate(part));
  CHECK(part.task == Task::graph);
  CHECK(part.num_items() == 3);
  CHECK(part.y == std::vector<int>{1, -1, 0});
  CHECK(part.item_name(0) == "g3");
  CHECK(part.times == std::vector<double>{4, 3, 1});
  CHECK(part.groups == std::vector<std::string>{"c", "a", "a"});
  CHECK(part.row_of(0) == 6);
  CHECK(part.num_rows() == 7);
  // Edges 0 and 2 of the whole are of graph 3, edge 1 of graph 0.
  CHECK(part.edge_attr.shape() == Shape{3, 2});
  CHECK(part.edge_attr.row(0)[1] == 10);
  CHECK(part.edge_attr.row(1)[1] == 12);
  CHECK(part.edge_attr.row(2)[1] == 11);
  CHECK(std::ranges::equal(part.graph.edge_ids(), Ids{0, 0, 1, 1, 2, 2}));

  d.y.clear();
  d.targets = Tensor::from({4, 2}, {0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f});
  d.classes = {"a", "b"};
  d.regression = true;
  const auto numbers = select_graphs(d, Ids{1, 3}).dataset;
  CHECK_NOTHROW(validate(numbers));
  CHECK(numbers.regression);
  CHECK(numbers.targets.row(1)[1] == 3.5f);
  const auto none = select_graphs(d, Ids{1}).dataset;
  CHECK_NOTHROW(validate(none));
  CHECK(none.num_nodes() == 0);
  CHECK(none.num_items() == 1);

  d.task = Task::link;
  CHECK(refusal([&] { select_graphs(d, Ids{1}); }).code == ErrorCode::unsupported);
}
