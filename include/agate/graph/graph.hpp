#pragma once
/// \file
/// Graph: who is linked to whom, as compressed sparse rows by target.
///
/// A layer collects at each target the messages of its sources (flow source -> target, as in
/// PyTorch Geometric). A directed edge is one message; an undirected edge owns two, the forward one
/// (source -> target as the caller wrote it) and the reverse one; an undirected loop owns one.
/// Messages keep the caller's edge id (the position in the list of edges), so that attention
/// weights come back under it; loops that the library added have id -1. Duplicate edges are kept.
///
/// A Graph is immutable and cheap to copy (copies share the arrays); any number of threads may use
/// it. What is derived from it (transpose, self-loops, normalised adjacency) is built once, on
/// first use.

#include <agate/core/config.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE {

/// An edge, or a pair of nodes.
struct Edge {
  NodeId source = 0;
  NodeId target = 0;
  bool operator==(const Edge&) const = default;
};

/// What from_edges() makes of the edges.
struct GraphOptions {
  bool undirected = false;  ///< every edge carries messages both ways
  bool self_loops = false;  ///< every node gets one loop, replacing those in the list
};

/// Which pixels are neighbours.
struct GridOptions {
  bool diagonal = true;  ///< a pixel has up to 8 neighbours, otherwise 4
};

/// The nodes begin .. end - 1.
struct NodeRange {
  Index begin = 0, end = 0;
};

/// Who is linked to whom, as compressed sparse rows by target: immutable, cheap to copy, safe in
/// any number of threads. What a message is, and which edge it belongs to, says graph.hpp.
class Graph {
 public:
  Graph() : Graph(from_edges(0, {})) {}

  /// Nodes 0 .. num_nodes - 1. Error(shape) for an edge to a node that does not exist,
  /// Error(limit) for more than 2^31 - 1 nodes.
  static Graph from_edges(Index num_nodes, std::span<const Edge> edges, GraphOptions options = {});
  /// Two node sets: edges lead from sources to targets. Directed, without loops.
  static Graph bipartite(Index num_sources, Index num_targets, std::span<const Edge> edges);
  /// The pixels of an image, undirected: node row * width + column is linked to its neighbours. The
  /// edges are grid_edges() (agate/graph/grid.hpp), which names the errors.
  static Graph grid(Index height, Index width, GridOptions options = {});

  Index num_nodes() const {
    return data_->num_targets;
  }  ///< targets; the only set unless bipartite
  Index num_targets() const { return data_->num_targets; }
  Index num_sources() const { return data_->num_sources; }
  bool is_bipartite() const { return data_->bipartite; }
  bool is_undirected() const { return data_->undirected; }
  Index num_edges() const { return data_->num_edges; }  ///< as many as the caller gave
  Index num_messages() const { return static_cast<Index>(data_->sources.size()); }

  /// The messages of target i stand at offsets()[i] .. offsets()[i + 1] - 1, by ascending source.
  std::span<const Index> offsets() const { return data_->offsets; }
  std::span<const NodeId> sources() const { return data_->sources; }
  /// Per message the caller's edge id, or -1 for a loop that the library added.
  std::span<const Index> edge_ids() const { return data_->edge_ids; }
  /// Per message: 1 when it runs against the direction in which the caller wrote the edge.
  std::span<const std::uint8_t> reversed() const { return data_->reversed; }
  /// Messages that node i receives.
  Index in_degree(Index i) const { return offsets()[i + 1] - offsets()[i]; }

  /// The same messages by source: for each source the targets, ascending.
  struct BySource {
    std::vector<Index> offsets;   ///< num_sources + 1
    std::vector<NodeId> targets;  ///< one per message
  };
  const BySource& by_source() const;
  /// For each message in the order by source the position that it has in the order by target.
  const std::vector<Index>& by_source_positions() const;

  /// This graph with exactly one loop (id -1) at every node, itself where it was built so; loops of
  /// the caller are dropped, as PyTorch Geometric's attention layers do. Error(unsupported) for a
  /// bipartite graph.
  const Graph& with_self_loops() const;
  /// This graph with a loop (id -1) at every node that has none; loops of the caller stay, as in
  /// PyTorch Geometric's GCNConv. Error(unsupported) for a bipartite graph.
  const Graph& with_remaining_self_loops() const;

  /// The nodes named, which become 0, 1, ... in their order, and the edges among them, whose ids
  /// become 0, 1, ... in theirs; loops that the library added keep -1. Error(shape) unless the
  /// nodes exist and ascend, Error(unsupported) for a bipartite graph.
  Graph induced(std::span<const Index> nodes) const;

  /// Some of the graphs packed into this one, each a range of nodes into which no edge leads from
  /// outside, packed in the order named; a range may be named again. The edges of the first range
  /// get the first ids, in their order; `edges`, where asked for, receives the ids that they had
  /// here. Time and memory in proportion to what is named, and without sorting where the ids of a
  /// range follow each other. Error(shape) for a range beyond the nodes and for an edge that enters
  /// one, Error(limit) for more than 2^31 - 1 nodes, Error(unsupported) for a bipartite graph.
  Graph concat_ranges(std::span<const NodeRange> ranges, std::vector<Index>* edges = nullptr) const;

  /// The same graph in arrays of its own, without what was derived from this one.
  Graph clone() const;

  /// The object that `make` builds for this graph under `key`, built once and kept with the graph;
  /// built anew when `make` threw. It must not hold a copy of this graph, which would then keep
  /// itself alive for ever.
  template <class T>
  const T& derived(const std::string& key, const std::function<T(const Graph&)>& make) const {
    return *static_cast<const T*>(derive(key, [&]() -> std::shared_ptr<const void> {
      return std::make_shared<const T>(make(*this));
    }));
  }

 private:
  struct Derived;
  struct Data {
    Index num_sources = 0, num_targets = 0, num_edges = 0;
    bool bipartite = false, undirected = false;
    bool has_added_loops = false;  // exactly one, at every node
    std::vector<Index> offsets;
    std::vector<NodeId> sources;
    std::vector<Index> edge_ids;
    std::vector<std::uint8_t> reversed;
    std::shared_ptr<Derived> derived;
  };
  struct Message;
  static Graph looped(const Graph& graph, bool keep_loops);
  static Graph build(Data data, std::vector<Message> messages);
  static Graph of(Data data);
  explicit Graph(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const void* derive(const std::string& key,
                     const std::function<std::shared_ptr<const void>()>& make) const;

  std::shared_ptr<const Data> data_;
};

}  // namespace AGATE_NAMESPACE
