#include <agate/core/error.hpp>
#include <agate/graph/graph.hpp>
#include <algorithm>
#include <limits>
#include <map>
#include <mutex>

namespace AGATE_NAMESPACE {

struct Graph::Message {
  NodeId source, target;
  Index edge_id;
  std::uint8_t reversed;
};

/// Objects are only ever added, and each has its own lock: building one may ask for another. Not
/// std::call_once, which under the thread sanitizer never returns once building has thrown.
struct Graph::Derived {
  struct Entry {
    std::mutex mutex;
    std::shared_ptr<const void> object;
  };
  std::mutex mutex;
  std::map<std::string, Entry> entries;
};

namespace {

void check_edges(std::span<const Edge> edges, Index num_sources, Index num_targets) {
  constexpr Index most = std::numeric_limits<NodeId>::max();
  for (Index nodes : {num_sources, num_targets}) {
    check(nodes >= 0, ErrorCode::shape, "Graph: ", nodes, " nodes");
    check(nodes <= most, ErrorCode::limit, "Graph: ", nodes,
          " nodes, at most 2^31 - 1 are supported");
  }
  for (std::size_t e = 0; e < edges.size(); ++e) {
    check(edges[e].source >= 0 && edges[e].source < num_sources, ErrorCode::shape, "Graph: edge ",
          e, " starts at node ", edges[e].source, ", there are ", num_sources);
    check(edges[e].target >= 0 && edges[e].target < num_targets, ErrorCode::shape, "Graph: edge ",
          e, " ends at node ", edges[e].target, ", there are ", num_targets);
  }
}

}  // namespace

Graph Graph::from_edges(Index num_nodes, std::span<const Edge> edges, GraphOptions options) {
  check_edges(edges, num_nodes, num_nodes);
  Data data;
  data.num_sources = data.num_targets = num_nodes;
  data.num_edges = static_cast<Index>(edges.size());
  data.undirected = options.undirected;
  std::vector<Message> messages;
  messages.reserve(edges.size() * (options.undirected ? 2 : 1));
  for (Index e = 0; e < data.num_edges; ++e) {
    const auto [source, target] = edges[static_cast<std::size_t>(e)];
    messages.push_back({source, target, e, 0});
    if (options.undirected && source != target) messages.push_back({target, source, e, 1});
  }
  Graph graph = build(std::move(data), std::move(messages));
  return options.self_loops ? graph.with_self_loops() : graph;
}

Graph Graph::bipartite(Index num_sources, Index num_targets, std::span<const Edge> edges) {
  check_edges(edges, num_sources, num_targets);
  Data data;
  data.num_sources = num_sources;
  data.num_targets = num_targets;
  data.num_edges = static_cast<Index>(edges.size());
  data.bipartite = true;
  std::vector<Message> messages;
  messages.reserve(edges.size());
  for (Index e = 0; e < data.num_edges; ++e) {
    const auto [source, target] = edges[static_cast<std::size_t>(e)];
    messages.push_back({source, target, e, 0});
  }
  return build(std::move(data), std::move(messages));
}

/// Two counting sorts, by source and then by target: linear, and stable, so that equal pairs keep
/// the order of the caller.
Graph Graph::build(Data data, std::vector<Message> messages) {
  auto sort_by = [](const std::vector<Message>& from, Index keys, auto key) {
    std::vector<Index> offsets(static_cast<std::size_t>(keys) + 1, 0);
    for (const Message& m : from) ++offsets[static_cast<std::size_t>(key(m)) + 1];
    for (std::size_t k = 1; k < offsets.size(); ++k) offsets[k] += offsets[k - 1];
    std::vector<Message> sorted(from.size());
    std::vector<Index> next = offsets;
    for (const Message& m : from) sorted[static_cast<std::size_t>(next[key(m)]++)] = m;
    return std::pair(std::move(sorted), std::move(offsets));
  };
  auto by_source =
      sort_by(messages, data.num_sources, [](const Message& m) { return m.source; }).first;
  messages = {};
  auto [sorted, offsets] =
      sort_by(by_source, data.num_targets, [](const Message& m) { return m.target; });
  by_source = {};
  data.offsets = std::move(offsets);
  data.sources.reserve(sorted.size());
  data.edge_ids.reserve(sorted.size());
  data.reversed.reserve(sorted.size());
  for (const Message& m : sorted) {
    data.sources.push_back(m.source);
    data.edge_ids.push_back(m.edge_id);
    data.reversed.push_back(m.reversed);
  }
  return of(std::move(data));
}

/// The graph of finished arrays, of which nothing is derived yet.
Graph Graph::of(Data data) {
  data.derived = std::make_shared<Derived>();
  return Graph(std::make_shared<const Data>(std::move(data)));
}

Graph Graph::clone() const { return of(*data_); }

const void* Graph::derive(const std::string& key,
                          const std::function<std::shared_ptr<const void>()>& make) const {
  Derived::Entry* entry = nullptr;
  {
    std::lock_guard lock(data_->derived->mutex);
    entry = &data_->derived->entries[key];
  }
  std::lock_guard lock(entry->mutex);
  if (!entry->object) entry->object = make();
  return entry->object.get();
}

namespace {

/// Calls visit(place in the order by source, target, place in the order by target) for every
/// message.
template <class Visit>
void for_each_by_source(const Graph& g, std::vector<Index> next, Visit visit) {
  for (Index i = 0; i < g.num_targets(); ++i)
    for (Index p = g.offsets()[i]; p < g.offsets()[i + 1]; ++p)
      visit(next[g.sources()[p]]++, static_cast<NodeId>(i), p);
}

}  // namespace

const Graph::BySource& Graph::by_source() const {
  return derived<BySource>("by_source", [](const Graph& g) {
    BySource t;
    t.offsets.assign(static_cast<std::size_t>(g.num_sources()) + 1, 0);
    t.targets.resize(g.sources().size());
    for (NodeId s : g.sources()) ++t.offsets[static_cast<std::size_t>(s) + 1];
    for (std::size_t s = 1; s < t.offsets.size(); ++s) t.offsets[s] += t.offsets[s - 1];
    for_each_by_source(g, t.offsets, [&](Index at, NodeId i, Index) { t.targets[at] = i; });
    return t;
  });
}

const std::vector<Index>& Graph::by_source_positions() const {
  return derived<std::vector<Index>>("by_source_positions", [](const Graph& g) {
    std::vector<Index> positions(g.sources().size());
    for_each_by_source(g, g.by_source().offsets,
                       [&](Index at, NodeId, Index p) { positions[at] = p; });
    return positions;
  });
}

Graph Graph::looped(const Graph& g, bool keep_loops) {
  check(!g.is_bipartite(), ErrorCode::unsupported,
        "Graph: a bipartite graph has no node that could be linked to itself");
  Data data;
  data.num_sources = data.num_targets = g.num_nodes();
  data.num_edges = g.num_edges();
  data.undirected = g.is_undirected();
  data.has_added_loops = !keep_loops;
  std::vector<Message> messages;
  messages.reserve(g.sources().size() + static_cast<std::size_t>(g.num_nodes()));
  for (Index i = 0; i < g.num_nodes(); ++i) {
    const auto node = static_cast<NodeId>(i);
    bool has_loop = false;
    for (Index p = g.offsets()[i]; p < g.offsets()[i + 1]; ++p) {
      const bool is_loop = g.sources()[p] == node;
      if (is_loop && !keep_loops) continue;
      messages.push_back({g.sources()[p], node, g.edge_ids()[p], g.reversed()[p]});
      has_loop = has_loop || is_loop;
    }
    if (!has_loop) messages.push_back({node, node, -1, 0});
  }
  return build(std::move(data), std::move(messages));
}

const Graph& Graph::with_self_loops() const {
  if (data_->has_added_loops) return *this;
  return derived<Graph>("with_self_loops", [](const Graph& g) { return looped(g, false); });
}

const Graph& Graph::with_remaining_self_loops() const {
  return derived<Graph>("with_remaining_self_loops",
                        [](const Graph& g) { return looped(g, true); });
}

namespace {

/// Where each of the nodes named stands among them, -1 for the others.
std::vector<NodeId> places(std::span<const Index> nodes, Index num_nodes) {
  std::vector<NodeId> place(static_cast<std::size_t>(num_nodes), -1);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    check(nodes[k] >= 0 && nodes[k] < num_nodes, ErrorCode::shape, "Graph: a part names node ",
          nodes[k], ", there are ", num_nodes);
    check(k == 0 || nodes[k - 1] < nodes[k], ErrorCode::shape,
          "Graph: the nodes of a part do not ascend at node ", nodes[k]);
    place[static_cast<std::size_t>(nodes[k])] = static_cast<NodeId>(k);
  }
  return place;
}

/// Edge ids become 0, 1, ... in their order, -1 stays; how many there are.
Index renumber(std::vector<Index>& ids) {
  std::vector<Index> kept;
  kept.reserve(ids.size());
  for (Index id : ids)
    if (id >= 0) kept.push_back(id);
  if (!std::ranges::is_sorted(kept)) std::ranges::sort(kept);
  kept.erase(std::ranges::unique(kept).begin(), kept.end());
  // Edges listed target by target follow each other: the search is for those that do not.
  auto at = kept.begin();
  for (Index& id : ids) {
    if (id < 0) continue;
    if (at == kept.end() || *at != id) at = std::ranges::lower_bound(kept, id);
    id = at++ - kept.begin();
  }
  return std::ssize(kept);
}

}  // namespace

Graph Graph::induced(std::span<const Index> nodes) const {
  check(!is_bipartite(), ErrorCode::unsupported,
        "Graph: a bipartite graph has two sets of nodes, a part is named in one");
  const auto place = places(nodes, num_nodes());
  Data data;
  data.num_sources = data.num_targets = std::ssize(nodes);
  data.undirected = is_undirected();
  data.has_added_loops = data_->has_added_loops;
  data.offsets.reserve(nodes.size() + 1);
  data.offsets.push_back(0);
  for (Index node : nodes) {
    for (Index p = offsets()[node]; p < offsets()[node + 1]; ++p) {
      const NodeId source = place[static_cast<std::size_t>(sources()[p])];
      if (source < 0) continue;
      data.sources.push_back(source);
      data.edge_ids.push_back(edge_ids()[p]);
      data.reversed.push_back(reversed()[p]);
    }
    data.offsets.push_back(std::ssize(data.sources));
  }
  data.num_edges = renumber(data.edge_ids);
  return of(std::move(data));
}

}  // namespace AGATE_NAMESPACE
