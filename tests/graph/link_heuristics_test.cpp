#include <agate/graph/common_neighbors.hpp>
#include <agate/graph/link_heuristics.hpp>
#include <agate/nn/common_neighbors.hpp>
#include <cmath>

#include "catch.hpp"
#include "graph/pairs.hpp"

using namespace agate;

namespace {

constexpr NodeId n = 30;

double degree(const pairs::Matrix& a, std::size_t i) {
  return static_cast<double>(std::ranges::count(a[i], true));
}

double by_hand(const std::string& name, const pairs::Matrix& a, Edge e) {
  double sum = 0;
  for (std::size_t z = 0; z < a.size(); ++z) {
    if (!a[e.source][z] || !a[e.target][z]) continue;
    const double d = degree(a, z);
    if (name == "common_neighbors") sum += 1;
    if (name == "adamic_adar" && d > 1) sum += 1 / std::log(d);
    if (name == "resource_allocation") sum += 1 / d;
  }
  return sum;
}

/// The powers of the matrix, one after the other.
double katz_by_hand(const pairs::Matrix& a, Edge e, KatzOptions o) {
  std::vector<double> walks(a.size(), 0);
  walks[e.source] = 1;
  double sum = 0;
  for (int length = 1; length <= o.max_length; ++length) {
    std::vector<double> longer(a.size(), 0);
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < a.size(); ++j)
        if (a[i][j]) longer[j] += walks[i];
    walks = longer;
    sum += std::pow(o.beta, length) * walks[e.target];
  }
  return sum;
}

pairs::Edges all_pairs(NodeId nodes) {
  pairs::Edges list;
  for (NodeId i = 0; i < nodes; ++i)
    for (NodeId j = 0; j < nodes; ++j) list.push_back({j, i});
  return list;
}

}  // namespace

TEST_CASE("link heuristics on a worked example") {
  // A square 0-1-2-3 with a tail 3-4: 0 and 2 have the common neighbours 1 (degree 2), 3 (degree
  // 3).
  const pairs::Edges edges{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {3, 4}};
  const Graph g = Graph::from_edges(5, edges, {.undirected = true});
  const pairs::Edges asked{{0, 2}, {1, 4}, {4, 4}};
  const auto score = [&](const std::string& name) { return link_heuristic(name, g, asked); };
  CHECK(score("common_neighbors") == std::vector<double>{2, 0, 1});
  CHECK(score("adamic_adar")[0] == Approx(1 / std::log(2) + 1 / std::log(3)));
  CHECK(score("resource_allocation")[0] == Approx(1.0 / 2 + 1.0 / 3));
  // 0-2: two walks of 2 steps, none of 3; 1-4: none of 2, 1-0-3-4 and 1-2-3-4 of 3.
  CHECK(score("katz")[0] == Approx(2 * 0.005 * 0.005));
  CHECK(score("katz")[1] == Approx(2 * std::pow(0.005, 3)));
  // A pair of a node and itself: its neighbours; one that is linked to it alone says nothing.
  CHECK(link_heuristic("adamic_adar", g, pairs::Edges{{3, 3}})[0] == Approx(2 / std::log(2)));
}

TEST_CASE("link heuristics of random graphs, by brute force") {
  for (const bool undirected : {false, true}) {
    const auto edges = pairs::random_edges(n, 90, 11);
    const auto a = pairs::linked(n, edges, true);
    const Graph g = Graph::from_edges(n, edges, {.undirected = undirected});
    const auto asked = all_pairs(n);
    for (const auto& name : link_heuristic_names()) {
      const KatzOptions katz{.beta = 0.1, .max_length = 5};
      const auto scores = link_heuristic(name, g, asked, 1, katz);
      REQUIRE(scores.size() == asked.size());
      for (std::size_t p = 0; p < asked.size(); ++p)
        CHECK(scores[p] == Approx(name == "katz" ? katz_by_hand(a, asked[p], katz)
                                                 : by_hand(name, a, asked[p])));
      CHECK(link_heuristic(name, g.with_self_loops(), asked, 1, katz) == scores);
    }
  }
}

TEST_CASE("hubs are searched, and threads change nothing") {
  auto edges = pairs::random_edges(3000, 6000, 4);
  for (NodeId i = 1; i < 3000; i += 2) edges.push_back({0, i});
  const Graph g = Graph::from_edges(3000, edges);
  const auto a = pairs::linked(3000, edges, true);
  auto asked = pairs::random_edges(3000, 3000, 8);
  for (NodeId i = 1; i < 200; ++i) asked.push_back({i % 2 ? 0 : i, i % 2 ? i : 0});
  for (const auto& name : link_heuristic_names()) {
    const auto scores = link_heuristic(name, g, asked, 1);
    CHECK(link_heuristic(name, g, asked, 3) == scores);
    if (name == "katz") continue;
    for (std::size_t p = 3500; p < asked.size(); ++p)
      CHECK(scores[p] == Approx(by_hand(name, a, asked[p])));
  }
}

TEST_CASE("link heuristics: nothing to score, and what is refused") {
  const Graph g = Graph::from_edges(3, pairs::Edges{{0, 1}});
  for (const auto& name : link_heuristic_names()) {
    CHECK(link_heuristic(name, g, {}).empty());
    CHECK(link_heuristic(name, Graph(), {}).empty());
    CHECK(link_heuristic(name, g, pairs::Edges{{2, 0}}) == std::vector<double>{0});
    CHECK(refusal([&] {
            link_heuristic(name, g, pairs::Edges{{0, 1}, {1, 3}});
          }).says("pair 1 names node 3, there are 3"));
    CHECK(refusal([&] { link_heuristic(name, Graph::bipartite(1, 1, {}), {}); }).code ==
          ErrorCode::unsupported);
  }
  const auto unknown = refusal([&] { link_heuristic("adamic_adr", g, {}); });
  CHECK(unknown.says("did you mean \"adamic_adar\"?"));
  CHECK(unknown.code == ErrorCode::usage);
  CHECK(refusal([&] { link_heuristic("katz", g, {}, 1, {.beta = 0}); }).says("beta = 0"));
  CHECK(refusal([&] { link_heuristic("katz", g, {}, 1, {.max_length = 0}); }).code ==
        ErrorCode::value);
}

TEST_CASE("the matrix of common neighbours sums to the heuristics") {
  const auto edges = pairs::random_edges(n, 90, 2);
  const Graph g = Graph::from_edges(n, edges);
  const auto a = pairs::linked(n, edges, true);
  const auto asked = all_pairs(n);
  for (const auto& [weight, name] :
       {std::pair{NeighborWeight::one, "common_neighbors"},
        std::pair{NeighborWeight::inverse_log_degree, "adamic_adar"},
        std::pair{NeighborWeight::inverse_degree, "resource_allocation"}}) {
    const auto common = common_neighbors(g, asked, weight);
    const auto scores = link_heuristic(name, g, asked);
    for (std::size_t p = 0; p < asked.size(); ++p) {
      double sum = 0;
      for (Index k = common.offsets[p]; k < common.offsets[p + 1]; ++k) {
        const NodeId z = common.nodes[k];
        CHECK((a[asked[p].source][z] && a[asked[p].target][z]));
        if (k > common.offsets[p]) CHECK(common.nodes[k - 1] < z);
        sum += common.weights[k];
      }
      CHECK(sum == Approx(scores[p]));
    }
    const SparseMatrix matrix = nn::common_neighbor_matrix(g, asked, weight, 2);
    CHECK(matrix.rows() == std::ssize(asked));
    CHECK(matrix.cols() == n);
    CHECK(std::ranges::equal(matrix.columns(), common.nodes));
    CHECK(matrix.values()[5] == static_cast<Real>(common.weights[5]));
  }
  CHECK(nn::common_neighbor_matrix(g, {}).rows() == 0);
  CHECK(refusal([&] { common_neighbors(g, pairs::Edges{{-1, 0}}); }).says("names node -1"));
}

TEST_CASE("the edge of a pair changes nothing in its row of common neighbours") {
  const auto edges = pairs::random_edges(12, 40, 9);
  for (const Edge& e : edges) {
    auto without = edges;
    std::erase(without, e);
    std::erase(without, Edge{e.target, e.source});
    const pairs::Edges asked{e};
    const auto weight = NeighborWeight::inverse_log_degree;
    const auto with = common_neighbors(Graph::from_edges(12, edges), asked, weight),
               hidden = common_neighbors(Graph::from_edges(12, without), asked, weight);
    if (e.source == e.target) continue;
    CHECK(with.nodes == hidden.nodes);
    CHECK(with.weights == hidden.weights);
  }
}
