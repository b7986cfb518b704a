// GCC 12 takes the empty optional inside Boost's own edge iterator for a read of it.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <agate/graph/boost.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/graph_concepts.hpp>

#include "catch.hpp"

using namespace agate;

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<Graph>));

namespace {

// 0 - 1 - 2 - 3 with a shortcut 0 - 3, and apart from it 4 - 5; 6 is alone.
Graph example_graph() {
  const std::vector<Edge> list{{0, 1}, {1, 2}, {2, 3}, {0, 3}, {4, 5}};
  return Graph::from_edges(7, list, {.undirected = true});
}

}  // namespace

TEST_CASE("Boost's connected_components runs on a Graph") {
  const Graph g = example_graph();
  std::vector<int> component(7);
  CHECK(boost::connected_components(g, component.data()) == 3);
  CHECK(component == std::vector<int>{0, 0, 0, 0, 1, 1, 2});
}

TEST_CASE("Boost's breadth_first_search runs on a Graph") {
  const Graph g = example_graph();
  std::vector<int> distance(7, -1);
  distance[0] = 0;
  boost::breadth_first_search(g, NodeId{0},
                              boost::visitor(boost::make_bfs_visitor(boost::record_distances(
                                  distance.data(), boost::on_tree_edge()))));
  CHECK(distance == std::vector<int>{0, 1, 2, 1, -1, -1, -1});
}

TEST_CASE("Boost's dijkstra_shortest_paths takes weights by the caller's edge ids") {
  const Graph g = example_graph();
  const std::vector<double> by_edge{1, 1, 1, 10, 1};
  std::vector<double> by_message;
  for (Index id : g.edge_ids()) by_message.push_back(by_edge[static_cast<std::size_t>(id)]);
  std::vector<double> distance(7);
  boost::dijkstra_shortest_paths(g, NodeId{0},
                                 boost::distance_map(distance.data())
                                     .weight_map(boost::make_iterator_property_map(
                                         by_message.begin(), get(boost::edge_index, g))));
  CHECK(distance[3] == 3);
  CHECK(distance[2] == 2);
  CHECK(distance[4] == std::numeric_limits<double>::max());
}

TEST_CASE("edges, in_edges and out_edges tell the same messages") {
  const Graph g = Graph::from_edges(5, std::vector<Edge>{{3, 1}, {0, 1}, {1, 4}, {3, 3}});
  std::vector<std::pair<NodeId, NodeId>> all, in, out;
  auto collect = [&](auto range, auto& to) {
    for (auto at = range.first; at != range.second; ++at)
      to.emplace_back(source(*at, g), target(*at, g));
  };
  collect(edges(g), all);
  for (auto v = vertices(g).first; v != vertices(g).second; ++v) {
    collect(in_edges(*v, g), in);
    collect(out_edges(*v, g), out);
    CHECK(in_degree(*v, g) == std::distance(in_edges(*v, g).first, in_edges(*v, g).second));
  }
  using Pairs = std::vector<std::pair<NodeId, NodeId>>;
  CHECK(all == Pairs{{0, 1}, {3, 1}, {3, 3}, {1, 4}});
  CHECK(in == all);
  CHECK(out == Pairs{{0, 1}, {1, 4}, {3, 1}, {3, 3}});
  const Graph empty;
  CHECK(edges(empty).first == edges(empty).second);
}

TEST_CASE("from_boost takes directed and undirected Boost graphs") {
  boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS> undirected(3);
  add_edge(0, 1, undirected);
  add_edge(1, 2, undirected);
  const Graph a = graph::from_boost(undirected);
  CHECK(a.num_nodes() == 3);
  CHECK(a.num_edges() == 2);
  CHECK(a.num_messages() == 4);
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> directed(3);
  add_edge(2, 0, directed);
  const Graph b = graph::from_boost(directed, true);
  CHECK(b.num_messages() == 4);
  CHECK(b.sources()[0] == 0);
  CHECK(b.sources()[1] == 2);
  const Graph again = graph::from_boost(b);
  CHECK(again.num_messages() == 4);
}

TEST_CASE("in_edges of every node takes linear time, however many nodes are alone") {
  const Index n = 1'000'000;  // squared, this would take minutes
  const Graph g = Graph::from_edges(n, std::vector<Edge>{{1, 0}, {0, 999'999}});
  std::vector<NodeId> targets;
  for (NodeId v = 0; v < n; ++v)
    for (auto [at, end] = in_edges(v, g); at != end; ++at) targets.push_back(target(*at, g));
  CHECK(targets == std::vector<NodeId>{0, 999'999});
}
