#include <agate/graph/graph.hpp>
#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

using pairs::list;
using Ids = std::vector<Index>;
using Nodes = std::vector<NodeId>;
using Flags = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("a graph without nodes or edges is a graph") {
  const Graph none;
  CHECK(none.num_nodes() == 0);
  CHECK(none.num_messages() == 0);
  CHECK(list(none.offsets()) == Ids{0});
  CHECK(none.by_source().offsets == Ids{0});
  CHECK(none.with_self_loops().num_messages() == 0);

  const Graph lonely = Graph::from_edges(3, {});
  CHECK(list(lonely.offsets()) == Ids{0, 0, 0, 0});
  CHECK(lonely.with_self_loops().num_messages() == 3);
}

TEST_CASE("messages stand by target, ascending by source, under the caller's ids") {
  const std::vector<Edge> edges{{3, 1}, {0, 1}, {1, 0}, {2, 1}, {1, 3}};
  const Graph g = Graph::from_edges(4, edges);
  CHECK_FALSE(g.is_undirected());
  CHECK_FALSE(g.is_bipartite());
  CHECK(g.num_edges() == 5);
  CHECK(g.num_messages() == 5);
  CHECK(list(g.offsets()) == Ids{0, 1, 4, 4, 5});
  CHECK(list(g.sources()) == Nodes{1, 0, 2, 3, 1});
  CHECK(list(g.edge_ids()) == Ids{2, 1, 3, 0, 4});
  CHECK(list(g.reversed()) == Flags{0, 0, 0, 0, 0});
  CHECK(g.in_degree(1) == 3);
  CHECK(g.in_degree(2) == 0);
}

TEST_CASE("an undirected edge owns a message each way, an undirected loop owns one") {
  const std::vector<Edge> edges{{0, 1}, {2, 2}, {2, 0}};
  const Graph g = Graph::from_edges(3, edges, {.undirected = true});
  CHECK(g.is_undirected());
  CHECK(g.num_edges() == 3);
  CHECK(list(g.offsets()) == Ids{0, 2, 3, 5});
  CHECK(list(g.sources()) == Nodes{1, 2, 0, 0, 2});
  CHECK(list(g.edge_ids()) == Ids{0, 2, 0, 2, 1});
  CHECK(list(g.reversed()) == Flags{1, 0, 0, 1, 0});
}

TEST_CASE("duplicate edges are kept, in the caller's order") {
  const std::vector<Edge> edges{{1, 0}, {0, 1}, {1, 0}, {1, 0}};
  const Graph directed = Graph::from_edges(2, edges);
  CHECK(list(directed.sources()) == Nodes{1, 1, 1, 0});
  CHECK(list(directed.edge_ids()) == Ids{0, 2, 3, 1});

  const Graph undirected = Graph::from_edges(2, edges, {.undirected = true});
  CHECK(undirected.num_messages() == 8);
  CHECK(list(undirected.edge_ids()) == Ids{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(list(undirected.reversed()) == Flags{0, 1, 0, 0, 1, 0, 1, 1});
}

TEST_CASE("with_self_loops gives every node exactly one loop, of id -1") {
  const std::vector<Edge> edges{{1, 1}, {0, 1}, {1, 1}, {2, 1}};
  const Graph g = Graph::from_edges(3, edges);
  CHECK(g.num_messages() == 4);  // the caller's loops are messages like others
  const Graph& looped = g.with_self_loops();
  CHECK(list(looped.offsets()) == Ids{0, 1, 4, 5});
  CHECK(list(looped.sources()) == Nodes{0, 0, 1, 2, 2});
  CHECK(list(looped.edge_ids()) == Ids{-1, 1, -1, 3, -1});
  CHECK(looped.num_edges() == 4);

  CHECK(&g.with_self_loops() == &looped);
  CHECK(list(looped.with_self_loops().edge_ids()) == list(looped.edge_ids()));
  const Graph asked = Graph::from_edges(3, edges, {.self_loops = true});
  CHECK(list(asked.sources()) == list(looped.sources()));
  CHECK(list(asked.edge_ids()) == list(looped.edge_ids()));
}

TEST_CASE("with_remaining_self_loops adds loops only where there is none") {
  const std::vector<Edge> edges{{1, 1}, {0, 1}, {1, 1}, {2, 1}};
  const Graph g = Graph::from_edges(3, edges);
  const Graph& looped = g.with_remaining_self_loops();
  CHECK(list(looped.offsets()) == Ids{0, 1, 5, 6});
  CHECK(list(looped.sources()) == Nodes{0, 0, 1, 1, 2, 2});
  CHECK(list(looped.edge_ids()) == Ids{-1, 1, 0, 2, 3, -1});
  CHECK(looped.num_edges() == 4);
  CHECK(&g.with_remaining_self_loops() == &looped);
  const Graph two = Graph::bipartite(1, 1, {});
  CHECK(refusal([&] { two.with_remaining_self_loops(); }).code == ErrorCode::unsupported);
}

TEST_CASE("with_self_loops keeps which way an undirected edge was written") {
  const std::vector<Edge> edges{{1, 0}, {1, 1}};
  const Graph g = Graph::from_edges(2, edges, {.undirected = true, .self_loops = true});
  CHECK(g.is_undirected());
  CHECK(list(g.sources()) == Nodes{0, 1, 0, 1});
  CHECK(list(g.edge_ids()) == Ids{-1, 0, 0, -1});
  CHECK(list(g.reversed()) == Flags{0, 0, 1, 0});
}

TEST_CASE("a graph built with loops is its own graph with loops") {
  const std::vector<Edge> edges{{0, 1}, {1, 1}};
  const Graph g = Graph::from_edges(2, edges, {.self_loops = true});
  CHECK(&g.with_self_loops() == &g);
  CHECK(g.num_messages() == 3);
}

TEST_CASE("by_source lists the same messages by sender") {
  const std::vector<Edge> edges{{3, 1}, {0, 1}, {1, 0}, {2, 1}, {1, 3}, {3, 1}};
  const Graph g = Graph::from_edges(4, edges, {.undirected = true});
  const auto& by_source = g.by_source();
  REQUIRE(by_source.offsets.size() == 5);
  CHECK(by_source.offsets.back() == g.num_messages());
  std::vector<int> seen(static_cast<std::size_t>(g.num_messages()), 0);
  for (NodeId s = 0; s < 4; ++s)
    for (Index k = by_source.offsets[s]; k < by_source.offsets[s + 1]; ++k) {
      const Index p = g.by_source_positions()[k];
      const NodeId target = by_source.targets[k];
      CHECK(g.sources()[p] == s);
      CHECK((g.offsets()[target] <= p && p < g.offsets()[target + 1]));
      if (k > by_source.offsets[s]) CHECK(by_source.targets[k - 1] <= target);
      ++seen[p];
    }
  CHECK(seen == std::vector<int>(seen.size(), 1));
}

TEST_CASE("a bipartite graph has two node sets") {
  const std::vector<Edge> edges{{4, 0}, {0, 1}, {4, 1}};
  const Graph g = Graph::bipartite(5, 2, edges);
  CHECK(g.is_bipartite());
  CHECK(g.num_sources() == 5);
  CHECK(g.num_targets() == 2);
  CHECK(g.num_nodes() == 2);
  CHECK(list(g.offsets()) == Ids{0, 1, 3});
  CHECK(list(g.sources()) == Nodes{4, 0, 4});
  CHECK(g.by_source().offsets == Ids{0, 1, 1, 1, 1, 3});
  CHECK(g.by_source().targets == Nodes{1, 0, 1});
  CHECK(refusal([&] { g.with_self_loops(); }).code == ErrorCode::unsupported);
}

TEST_CASE("edges to nodes that do not exist are refused") {
  auto refused = [](Index nodes, Edge edge) {
    const std::vector<Edge> edges{{0, 0}, edge};
    return refusal([&] { Graph::from_edges(nodes, edges); });
  };
  CHECK(refused(2, {2, 0}).says("edge 1 starts at node 2, there are 2"));
  CHECK(refused(2, {2, 0}).code == ErrorCode::shape);
  CHECK(refused(2, {0, 2}).says("edge 1 ends at node 2, there are 2"));
  CHECK(refused(2, {-1, 0}).says("starts at node -1"));
  CHECK(refused(2, {0, -7}).says("ends at node -7"));
  const std::vector<Edge> edges{{2, 1}};
  CHECK(refusal([&] { Graph::bipartite(2, 3, edges); }).says("starts at node 2"));
  CHECK(refusal([&] { Graph::bipartite(3, 1, edges); }).says("ends at node 1"));
}

TEST_CASE("numbers of nodes that make no sense are refused") {
  const Index most = std::numeric_limits<NodeId>::max();
  CHECK(refusal([&] { Graph::from_edges(most + 1, {}); }).code == ErrorCode::limit);
  CHECK(refusal([&] { Graph::bipartite(most + 1, 1, {}); }).says("2147483648 nodes"));
  CHECK(refusal([&] { Graph::from_edges(-1, {}); }).says("-1 nodes"));
  CHECK(refusal([&] { Graph::bipartite(5, -1, {}); }).says("-1 nodes"));
}

TEST_CASE("what is derived is built once, by however many threads, and shared by copies") {
  const std::vector<Edge> edges{{0, 1}, {1, 2}};
  const Graph g = Graph::from_edges(3, edges);
  std::atomic<int> built = 0;
  const std::function<int(const Graph&)> make = [&](const Graph& of) {
    ++built;
    of.by_source();  // one derived object may ask for another
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return static_cast<int>(of.num_messages());
  };
  std::vector<const int*> seen(8);
  std::vector<std::thread> team;
  for (auto& slot : seen)
    team.emplace_back([&slot, &make, copy = g] { slot = &copy.derived<int>("count", make); });
  for (auto& thread : team) thread.join();
  CHECK(built == 1);
  for (const int* object : seen) CHECK(object == seen[0]);
  CHECK(*seen[0] == 2);
}

TEST_CASE("a clone is the same graph, without what was derived from it") {
  const std::vector<Edge> edges{{0, 1}, {2, 1}, {1, 1}};
  const Graph g = Graph::from_edges(3, edges, {.undirected = true});
  const auto* derived = &g.by_source();
  const Graph copy = g.clone();
  CHECK(copy.is_undirected());
  CHECK(copy.num_edges() == 3);
  CHECK(std::ranges::equal(copy.sources(), g.sources()));
  CHECK(std::ranges::equal(copy.offsets(), g.offsets()));
  CHECK(std::ranges::equal(copy.edge_ids(), g.edge_ids()));
  CHECK(std::ranges::equal(copy.reversed(), g.reversed()));
  CHECK(&copy.by_source() != derived);
  CHECK(copy.by_source().targets == derived->targets);
}

TEST_CASE("what failed to be derived may be tried again") {
  const Graph g = Graph::from_edges(1, {});
  int tries = 0;
  const std::function<int(const Graph&)> make = [&](const Graph&) {
    if (++tries == 1) throw std::runtime_error("no");
    return 7;
  };
  CHECK_THROWS_AS(g.derived<int>("x", make), std::runtime_error);
  CHECK(g.derived<int>("x", make) == 7);
  CHECK(tries == 2);
}

TEST_CASE("the graph induced by some nodes numbers them and their edges anew") {
  const std::vector<Edge> edges{{3, 1}, {0, 1}, {1, 0}, {3, 3}, {4, 3}, {3, 1}};
  const Graph directed = Graph::from_edges(5, edges), both = Graph::from_edges(5, edges, {true});
  const Ids nodes{1, 3, 4};
  const Graph part = directed.induced(nodes);
  CHECK(part.num_nodes() == 3);
  CHECK(part.num_edges() == 4);
  CHECK(list(part.offsets()) == Ids{0, 2, 4, 4});
  CHECK(list(part.sources()) == Nodes{1, 1, 1, 2});
  CHECK(list(part.edge_ids()) == Ids{0, 3, 1, 2});
  const Graph undirected = both.induced(nodes);
  CHECK(undirected.is_undirected());
  CHECK(undirected.num_edges() == 4);
  CHECK(list(undirected.edge_ids()) == Ids{0, 3, 0, 3, 1, 2, 2});
  CHECK(list(undirected.reversed()) == Flags{0, 0, 1, 1, 0, 0, 1});
  const Graph looped = both.with_self_loops().induced(nodes);
  CHECK(looped.num_messages() == 3 + 6);
  CHECK(&looped.with_self_loops() == &looped);
  CHECK(both.induced(Ids{}).num_nodes() == 0);
}

TEST_CASE("all nodes induce the graph itself") {
  const std::vector<Edge> edges{{3, 1}, {0, 1}, {1, 0}, {2, 2}, {1, 3}};
  const Graph g = Graph::from_edges(4, edges, {.undirected = true});
  const Graph all = g.induced(Ids{0, 1, 2, 3});
  CHECK(list(all.offsets()) == list(g.offsets()));
  CHECK(list(all.sources()) == list(g.sources()));
  CHECK(list(all.edge_ids()) == list(g.edge_ids()));
  CHECK(list(all.reversed()) == list(g.reversed()));
}

TEST_CASE("parts of a graph that are none are refused") {
  const Graph g = Graph::from_edges(3, {});
  CHECK(refusal([&] { g.induced(Ids{3}); }).says("a part names node 3, there are 3"));
  CHECK(refusal([&] { g.induced(Ids{-1}); }).code == ErrorCode::shape);
  CHECK(refusal([&] { g.induced(Ids{1, 1}); }).says("do not ascend at node 1"));
  CHECK(refusal([&] { Graph::bipartite(1, 1, {}).induced(Ids{0}); }).code ==
        ErrorCode::unsupported);
}
