// Attention as one step of a Boost.Graph pipeline: the largest component of a network, a GAT's
// attention on it as lengths of its edges, and the shortest paths by what the network attends to.
#include <agate/graph/boost.hpp>
#include <agate/model.hpp>
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <cstdio>
#include <exception>

int main() try {
  using BoostGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
  BoostGraph roads(9);  // two rings with a bridge, and two places apart
  for (const auto& [a, b] : {std::pair(0, 1), std::pair(1, 2), std::pair(2, 0), std::pair(2, 3),
                             std::pair(3, 4), std::pair(4, 5), std::pair(5, 3), std::pair(7, 8)})
    boost::add_edge(static_cast<unsigned>(a), static_cast<unsigned>(b), roads);

  // Boost's algorithms run on agate's graph without a copy, and so does everything of agate's.
  const agate::Graph all = agate::graph::from_boost(roads);
  std::vector<int> component(9);
  const int components = boost::connected_components(all, component.data());
  std::vector<agate::Index> members;
  for (agate::Index i = 0; i < 9; ++i)
    if (component[static_cast<std::size_t>(i)] == component[0]) members.push_back(i);
  const agate::Graph graph = all.induced(members);
  std::printf("%d components, the first has %lld places\n", components,
              static_cast<long long>(graph.num_nodes()));

  agate::Tensor x = agate::Tensor::zeros({graph.num_nodes(), 2});
  for (agate::Index i = 0; i < x.rows(); ++i) {
    x.row(i)[0] = static_cast<agate::Real>(std::cos(double(i)));
    x.row(i)[1] = static_cast<agate::Real>(graph.in_degree(i));
  }
  const agate::Model model(
      {.model = agate::models::make_model({.in = 2, .out = 2}, 3), .classes = {"quiet", "busy"}});
  const auto attention = model.attention(graph, x).back();

  // A message that its target attends to is short. Loops that the layer added come along.
  std::vector<double> length;
  for (agate::Index m = 0; m < attention.graph.num_messages(); ++m)
    length.push_back(-std::log(double(attention.weights.row(m)[0])));
  std::vector<double> distance(static_cast<std::size_t>(graph.num_nodes()));
  boost::dijkstra_shortest_paths(attention.graph, agate::NodeId{0},
                                 boost::distance_map(distance.data())
                                     .weight_map(boost::make_iterator_property_map(
                                         length.begin(), get(boost::edge_index, attention.graph))));
  for (std::size_t i = 0; i < distance.size(); ++i)
    std::printf("place %zu: %.3f from place 0\n", i, distance[i]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "boost_pipeline: %s\n", error.what());
  return 1;
}
