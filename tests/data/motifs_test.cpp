#include <agate/data/catalogue.hpp>
#include <agate/data/motifs.hpp>
#include <agate/graph/edges.hpp>
#include <agate/graph/neighbors.hpp>
#include <map>

#include "catch.hpp"

using namespace agate;

TEST_CASE("BA-Shapes has the paper's nodes and roles, and its houses stand in the graph") {
  const auto m = data::ba_shapes();
  const auto& d = m.dataset;
  data::validate(d);
  CHECK(d.num_nodes() == 700);
  // 5 for each node that came behind the first five, 6 in each house, its tie, and a tenth of
  // noise.
  CHECK(d.graph.num_edges() == 5 * 295 + 80 * 7 + 70);
  std::map<int, int> roles;
  for (int y : d.y) ++roles[y];
  CHECK(roles == std::map<int, int>{{0, 300}, {1, 160}, {2, 160}, {3, 80}});
  const auto edges = edge_list(d.graph);
  std::map<Index, int> of_motif;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const Index motif = m.edge_motif[e];
    if (motif < 0) continue;
    ++of_motif[motif];
    CHECK(m.node_motif[static_cast<std::size_t>(edges[e].source)] == motif);
    CHECK(m.node_motif[static_cast<std::size_t>(edges[e].target)] == motif);
  }
  CHECK(of_motif.size() == 80);
  for (const auto& [motif, count] : of_motif) CHECK(count == 6);
  for (Index i = 0; i < d.num_nodes(); ++i)
    CHECK((m.node_motif[static_cast<std::size_t>(i)] >= 0) ==
          (d.y[static_cast<std::size_t>(i)] > 0));
  CHECK(d.splits[0].train.size() == 560);
  CHECK(neighbors(d.graph).degree(0) > 15);  // who came first has many
}

TEST_CASE("Tree-Cycles: rings of six hung on a binary tree") {
  const auto m = data::tree_cycle();
  const auto& d = m.dataset;
  data::validate(d);
  CHECK(d.num_nodes() == 511 + 480);
  CHECK(d.graph.num_edges() == 510 + 80 * 7);
  for (Index i = 511; i < d.num_nodes(); ++i) {
    CHECK(d.y[static_cast<std::size_t>(i)] == 1);
    CHECK(neighbors(d.graph).degree(i) == ((i - 511) % 6 == 0 ? 3 : 2));
  }
}

TEST_CASE("data with motifs are made by name, of the usual size or another") {
  CHECK(data::load("ba_shapes", {}).dataset.num_nodes() == 700);
  CHECK(data::load("ba_shapes:10", {}).dataset.num_nodes() == 350);
  CHECK(data::load("tree_cycle:3", {}).dataset.classes == std::vector<std::string>{"base", "ring"});
  CHECK_THROWS_WITH(data::load("ba_shapes:301", {}), Catch::Contains("ba_shapes"));
  CHECK_THROWS_WITH(data::tree_cycle(0), Catch::Contains("expected 1 to 511"));
}
