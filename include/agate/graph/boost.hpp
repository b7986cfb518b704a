#pragma once
/// \file
/// Boost.Graph both ways. agate::Graph models VertexListGraph, EdgeListGraph, IncidenceGraph,
/// AdjacencyGraph and BidirectionalGraph itself, so Boost's algorithms run on it without a copy;
/// and any Boost graph becomes an agate::Graph.
///
/// To Boost a Graph is directed: its edges are the messages, source -> target. An undirected agate
/// graph therefore shows each edge in both directions, which is what connected_components and
/// breadth_first_search need. Properties: `get(boost::vertex_index, g)` and
/// `get(boost::edge_index, g)`, the position of the message, for weights in an array of
/// num_messages() elements; g.edge_ids()[position] leads to the caller's edge.

#include <agate/core/error.hpp>
#include <agate/graph/graph.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <limits>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::graph {

/// A message as Boost's edge descriptor.
struct Message {
  NodeId source = -1, target = -1;
  Index position = -1;
  bool operator==(const Message& other) const { return position == other.position; }
  bool operator!=(const Message& other) const { return position != other.position; }
  bool operator<(const Message& other) const { return position < other.position; }
};

/// Walks the messages that a node sends.
class OutIterator : public boost::iterator_facade<OutIterator, Message,
                                                  boost::random_access_traversal_tag, Message> {
 public:
  OutIterator() = default;
  OutIterator(const Graph* graph, NodeId source, Index at)
      : by_source_(&graph->by_source()),
        positions_(&graph->by_source_positions()),
        source_(source),
        at_(at) {}

 private:
  friend class boost::iterator_core_access;
  Message dereference() const {
    const auto k = static_cast<std::size_t>(at_);
    return {source_, by_source_->targets[k], (*positions_)[k]};
  }
  bool equal(const OutIterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }
  void decrement() { --at_; }
  void advance(Index n) { at_ += n; }
  Index distance_to(const OutIterator& other) const { return other.at_ - at_; }

  const Graph::BySource* by_source_ = nullptr;
  const std::vector<Index>* positions_ = nullptr;
  NodeId source_ = -1;
  Index at_ = 0;
};

/// Walks the messages of the targets from `target` to `last`.
class InIterator
    : public boost::iterator_facade<InIterator, Message, boost::forward_traversal_tag, Message> {
 public:
  InIterator() = default;
  InIterator(const Graph* graph, NodeId target, NodeId last, Index at)
      : graph_(graph), target_(target), last_(last), at_(at) {
    skip_finished();
  }

 private:
  friend class boost::iterator_core_access;
  Message dereference() const {
    return {graph_->sources()[static_cast<std::size_t>(at_)], target_, at_};
  }
  bool equal(const InIterator& other) const { return at_ == other.at_; }
  void increment() {
    ++at_;
    skip_finished();
  }
  void skip_finished() {
    while (target_ < last_ && at_ >= graph_->offsets()[static_cast<std::size_t>(target_) + 1])
      ++target_;
  }

  const Graph* graph_ = nullptr;
  NodeId target_ = 0, last_ = 0;
  Index at_ = 0;
};

/// Walks the targets of the messages that a node sends.
class AdjacencyIterator : public boost::iterator_facade<AdjacencyIterator, NodeId,
                                                        boost::forward_traversal_tag, NodeId> {
 public:
  AdjacencyIterator() = default;
  explicit AdjacencyIterator(OutIterator at) : at_(at) {}

 private:
  friend class boost::iterator_core_access;
  NodeId dereference() const { return (*at_).target; }
  bool equal(const AdjacencyIterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }
  OutIterator at_;
};

/// What Boost's algorithms may ask of a Graph.
struct TraversalCategory : boost::bidirectional_graph_tag,
                           boost::adjacency_graph_tag,
                           boost::vertex_list_graph_tag,
                           boost::edge_list_graph_tag {};

/// The property map boost::edge_index of a Graph: the position of each message.
struct MessagePositionMap {
  using key_type = Message;
  using value_type = Index;
  using reference = Index;
  using category = boost::readable_property_map_tag;
};
/// The position of message m.
inline Index get(MessagePositionMap, const Message& m) { return m.position; }

}  // namespace AGATE_NAMESPACE::graph

// What the concepts of Boost.Graph ask for is described there.
/// \cond
namespace boost {

template <>
struct graph_traits<agate::Graph> {
  using vertex_descriptor = agate::NodeId;
  using edge_descriptor = agate::graph::Message;
  using directed_category = bidirectional_tag;
  using edge_parallel_category = allow_parallel_edge_tag;
  using traversal_category = agate::graph::TraversalCategory;
  using vertices_size_type = agate::Index;
  using edges_size_type = agate::Index;
  using degree_size_type = agate::Index;
  using vertex_iterator = counting_iterator<agate::NodeId>;
  using edge_iterator = agate::graph::InIterator;
  using in_edge_iterator = agate::graph::InIterator;
  using out_edge_iterator = agate::graph::OutIterator;
  using adjacency_iterator = agate::graph::AdjacencyIterator;
  static vertex_descriptor null_vertex() { return -1; }
};

template <>
struct property_map<agate::Graph, vertex_index_t> {
  using type = typed_identity_property_map<agate::NodeId>;
  using const_type = type;
};
template <>
struct property_map<agate::Graph, edge_index_t> {
  using type = agate::graph::MessagePositionMap;
  using const_type = type;
};

}  // namespace boost

namespace AGATE_NAMESPACE {

// Found by argument-dependent lookup. Error(unsupported) for a bipartite graph, whose two node sets
// Boost would take for one.
inline std::pair<boost::counting_iterator<NodeId>, boost::counting_iterator<NodeId>> vertices(
    const Graph& g) {
  check(!g.is_bipartite(), ErrorCode::unsupported,
        "Boost.Graph: a bipartite agate::Graph has two node sets");
  return {boost::counting_iterator<NodeId>(0),
          boost::counting_iterator<NodeId>(static_cast<NodeId>(g.num_nodes()))};
}
inline Index num_vertices(const Graph& g) {
  vertices(g);
  return g.num_nodes();
}
inline Index num_edges(const Graph& g) { return g.num_messages(); }
inline std::pair<graph::InIterator, graph::InIterator> edges(const Graph& g) {
  const auto last = static_cast<NodeId>(g.num_nodes() - 1);
  return {{&g, 0, last, 0}, {&g, last, last, g.num_messages()}};
}
inline NodeId source(const graph::Message& m, const Graph&) { return m.source; }
inline NodeId target(const graph::Message& m, const Graph&) { return m.target; }
inline std::pair<graph::OutIterator, graph::OutIterator> out_edges(NodeId v, const Graph& g) {
  const Graph::BySource& by_source = g.by_source();
  const auto at = static_cast<std::size_t>(v);
  return {{&g, v, by_source.offsets[at]}, {&g, v, by_source.offsets[at + 1]}};
}
inline Index out_degree(NodeId v, const Graph& g) {
  const auto at = static_cast<std::size_t>(v);
  return g.by_source().offsets[at + 1] - g.by_source().offsets[at];
}
inline std::pair<graph::InIterator, graph::InIterator> in_edges(NodeId v, const Graph& g) {
  const auto at = static_cast<std::size_t>(v);
  return {{&g, v, v, g.offsets()[at]}, {&g, v, v, g.offsets()[at + 1]}};
}
inline Index in_degree(NodeId v, const Graph& g) { return g.in_degree(v); }
inline Index degree(NodeId v, const Graph& g) { return g.in_degree(v) + out_degree(v, g); }
inline std::pair<graph::AdjacencyIterator, graph::AdjacencyIterator> adjacent_vertices(
    NodeId v, const Graph& g) {
  const auto [begin, end] = out_edges(v, g);
  return {graph::AdjacencyIterator(begin), graph::AdjacencyIterator(end)};
}
inline boost::typed_identity_property_map<NodeId> get(boost::vertex_index_t, const Graph&) {
  return {};
}
inline NodeId get(boost::vertex_index_t, const Graph&, NodeId v) { return v; }
inline graph::MessagePositionMap get(boost::edge_index_t, const Graph&) { return {}; }
inline Index get(boost::edge_index_t, const Graph&, const graph::Message& m) { return m.position; }
/// \endcond

namespace graph {

/// Any Boost graph with a vertex_index map (VertexListGraph and EdgeListGraph). Edge ids follow
/// boost::edges(g); an undirected Boost graph becomes an undirected agate graph.
template <class BoostGraph>
Graph from_boost(const BoostGraph& g, bool self_loops = false) {
  using Traits = boost::graph_traits<BoostGraph>;
  const auto count = num_vertices(g);
  check(static_cast<std::uint64_t>(count) <= std::numeric_limits<NodeId>::max(), ErrorCode::limit,
        "graph::from_boost: ", count, " nodes, at most 2^31 - 1 are supported");
  const auto index = get(boost::vertex_index, g);
  std::vector<Edge> list;
  list.reserve(static_cast<std::size_t>(num_edges(g)));
  typename Traits::edge_iterator at, end;
  for (boost::tie(at, end) = edges(g); at != end; ++at)
    list.push_back({static_cast<NodeId>(get(index, source(*at, g))),
                    static_cast<NodeId>(get(index, target(*at, g)))});
  const bool undirected =
      std::is_convertible_v<typename Traits::directed_category, boost::undirected_tag>;
  return Graph::from_edges(static_cast<Index>(count), list,
                           {.undirected = undirected, .self_loops = self_loops});
}

}  // namespace graph
}  // namespace AGATE_NAMESPACE
