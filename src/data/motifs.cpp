#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/motifs.hpp>
#include <algorithm>
#include <numeric>
#include <set>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t motif_stream = 0x307F;
constexpr Index features = 10;

/// A graph that grows, with what each node is and which motif each node and edge belongs to.
struct Growing {
  std::vector<Edge> edges;
  std::vector<int> roles;
  std::vector<Index> node_motif, edge_motif;

  NodeId add_node(int role, Index motif) {
    roles.push_back(role);
    node_motif.push_back(motif);
    return static_cast<NodeId>(roles.size() - 1);
  }
  void add_edge(NodeId a, NodeId b, Index motif) {
    edges.push_back({a, b});
    edge_motif.push_back(motif);
  }
};

/// Each new node is linked to 5 others, drawn by the number of edges that they have.
void grow_by_preference(Growing& g, Index nodes, Random& random) {
  constexpr Index links = 5;
  std::vector<NodeId> ends;  // every node once for each of its edges
  for (Index i = 0; i < links; ++i) g.add_node(0, -1);
  std::vector<NodeId> chosen(static_cast<std::size_t>(links));
  std::iota(chosen.begin(), chosen.end(), NodeId{0});
  while (std::ssize(g.roles) < nodes) {
    const NodeId node = g.add_node(0, -1);
    for (const NodeId to : chosen) {
      g.add_edge(to, node, -1);
      ends.insert(ends.end(), {to, node});
    }
    chosen.clear();
    while (std::ssize(chosen) < links) {
      const NodeId end = ends[random.below(ends.size())];
      if (std::ranges::find(chosen, end) == chosen.end()) chosen.push_back(end);
    }
  }
}

/// `motifs` different nodes of the base.
std::vector<NodeId> places(Index base, int motifs, Random& random) {
  std::vector<NodeId> all(static_cast<std::size_t>(base));
  std::iota(all.begin(), all.end(), NodeId{0});
  random.shuffle(std::span(all));
  all.resize(static_cast<std::size_t>(motifs));
  return all;
}

void hang_house(Growing& g, NodeId at, Index motif) {
  constexpr int roles[] = {1, 1, 2, 2, 3};
  const auto first = static_cast<NodeId>(g.roles.size());
  for (const int role : roles) g.add_node(role, motif);
  for (NodeId k = 0; k < 4; ++k) g.add_edge(first + k, first + (k + 1) % 4, motif);
  g.add_edge(first + 4, first, motif);
  g.add_edge(first + 4, first + 1, motif);
  g.add_edge(at, first, -1);
}

void hang_ring(Growing& g, NodeId at, Index motif) {
  const auto first = static_cast<NodeId>(g.roles.size());
  for (int k = 0; k < 6; ++k) g.add_node(1, motif);
  for (NodeId k = 0; k < 6; ++k) g.add_edge(first + k, first + (k + 1) % 6, motif);
  g.add_edge(at, first, -1);
}

void add_random_edges(Growing& g, Index count, Random& random) {
  std::set<std::pair<NodeId, NodeId>> linked;
  for (const Edge& e : g.edges) linked.insert(std::minmax(e.source, e.target));
  while (count > 0) {
    const auto a = static_cast<NodeId>(random.below(g.roles.size()));
    const auto b = static_cast<NodeId>(random.below(g.roles.size()));
    if (a == b || !linked.insert(std::minmax(a, b)).second) continue;
    g.add_edge(a, b, -1);
    --count;
  }
}

Split drawn_split(Index nodes, Random& random) {
  std::vector<Index> all(static_cast<std::size_t>(nodes));
  std::iota(all.begin(), all.end(), Index{0});
  random.shuffle(std::span(all));
  const auto tenth = std::max<std::ptrdiff_t>(1, nodes / 10);
  Split split{{all.begin() + 2 * tenth, all.end()},
              {all.begin() + tenth, all.begin() + 2 * tenth},
              {all.begin(), all.begin() + tenth}};
  for (auto* part : {&split.train, &split.val, &split.test}) std::ranges::sort(*part);
  return split;
}

MotifDataset finish(Growing g, const std::string& name, std::vector<std::string> classes,
                    Random& random) {
  const Index nodes = std::ssize(g.roles);
  MotifDataset m;
  m.dataset = {.name = name,
               .graph = Graph::from_edges(nodes, g.edges, {.undirected = true}),
               .x = Tensor::full({nodes, features}, 1)};
  m.dataset.y = std::move(g.roles);
  m.dataset.classes = std::move(classes);
  m.dataset.splits.push_back(drawn_split(nodes, random));
  m.node_motif = std::move(g.node_motif);
  m.edge_motif = std::move(g.edge_motif);
  return m;
}

void check_motifs(const char* name, int motifs, int most) {
  check(motifs >= 1 && motifs <= most, ErrorCode::value, name, ": ", motifs,
        " motifs, expected 1 to ", most, ", one for each node of the base");
}

}  // namespace

MotifDataset ba_shapes(int motifs) {
  constexpr Index base = 300;
  check_motifs("ba_shapes", motifs, base);
  Random random(0, motif_stream);
  Growing g;
  grow_by_preference(g, base, random);
  Index next = 0;
  for (const NodeId at : places(base, motifs, random)) hang_house(g, at, next++);
  add_random_edges(g, std::ssize(g.roles) / 10, random);
  return finish(std::move(g), "ba_shapes", {"base", "middle", "bottom", "roof"}, random);
}

MotifDataset tree_cycle(int motifs) {
  constexpr Index base = 511;
  check_motifs("tree_cycle", motifs, base);
  Random random(0, motif_stream + 1);
  Growing g;
  for (NodeId i = 0; i < base; ++i) {
    g.add_node(0, -1);
    if (i > 0) g.add_edge((i - 1) / 2, i, -1);
  }
  Index next = 0;
  for (const NodeId at : places(base, motifs, random)) hang_ring(g, at, next++);
  return finish(std::move(g), "tree_cycle", {"base", "ring"}, random);
}

}  // namespace AGATE_NAMESPACE::data
