#include <agate/explain/ego_picture.hpp>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;

namespace {

data::Dataset star(Index n) {
  std::vector<Edge> edges;
  for (Index i = 1; i < n; ++i) edges.push_back({0, static_cast<NodeId>(i)});
  data::Dataset d{.name = "star",
                  .graph = Graph::from_edges(n, edges, {.undirected = true}),
                  .x = Tensor::full({n, 1}, 1),
                  .y = std::vector<int>(static_cast<std::size_t>(n), 0),
                  .classes = {"a<b", "c"}};
  for (Index i = 0; i < n; ++i)
    d.node_ids.push_back("<b onload=\"x\">&" + std::to_string(i) + "</b>");
  return d;
}

explain::ItemExplanation explained(const data::Dataset& d) {
  explain::ItemExplanation e{.item = 0};
  for (Index i = 0; i < d.num_nodes(); ++i) e.nodes.push_back(i);
  for (Index k = 0; k < d.graph.num_edges(); ++k) {
    e.edges.push_back(k);
    e.edge_scores.push_back(static_cast<double>(k + 1) / 1000);
  }
  return e;
}

}  // namespace

TEST_CASE("a picture of an explanation marks what is explained, and escapes names") {
  const auto d = star(8);
  auto e = explained(d);
  const auto svg = explain::ego_picture_svg(
      d, e, {.classes = std::vector<int>(8, 1), .title = "<script>", .subtitle = "a & b"});
  CHECK(xml_fault(svg).empty());
  CHECK(count(svg, "class=\"node explained\"") == 1);
  CHECK(count(svg, "class=\"node\"") == 7);
  CHECK(count(svg, "class=\"link\"") == 7);
  CHECK(count(svg, "<b onload") == 0);
  CHECK(count(svg, "<script>") == 0);
  CHECK(count(svg, "&lt;b onload") > 0);
  CHECK(count(svg, "drawn:") == 0);
  CHECK(count(svg, "speaks against") == 0);
  // The strongest line is the widest.
  CHECK(count(svg, "stroke-width=\"7\"") == 1);
  e.edge_scores[0] = -0.5;
  CHECK(count(explain::ego_picture_svg(d, e), "speaks against") == 1);
}

TEST_CASE("of a large neighbourhood the strongest edges are drawn, and the picture says so") {
  const auto d = star(1500);
  const auto e = explained(d);
  const auto svg = explain::ego_picture_svg(d, e, {.most_nodes = 40});
  CHECK(xml_fault(svg).empty());
  CHECK(count(svg, "<circle class=\"node") == 40);
  CHECK(count(svg, "40 of 1,500 nodes and 39 of 1,499 links drawn") == 1);
  // The strongest edge leads to the last node.
  CHECK(count(svg, "1499") > 0);
  CHECK(count(svg, "&amp;7&lt;") == 0);
  CHECK(count(svg, "class=\"name\"") <= 40);
  CHECK(explain::ego_picture_svg(d, e, {.most_nodes = 40}) == svg);
}

TEST_CASE("a node alone is drawn alone, and what does not fit is refused") {
  const auto d = star(4);
  explain::ItemExplanation e{.item = 2, .nodes = {2}};
  const auto svg = explain::ego_picture_svg(d, e);
  CHECK(xml_fault(svg).empty());
  CHECK(count(svg, "<circle class=\"node") == 1);
  e.edges = {0};
  CHECK_THROWS_WITH(explain::ego_picture_svg(d, e), Catch::Contains("1 edges and 0 scores"));
  e.edge_scores = {1};
  e.edges = {9};
  CHECK_THROWS_WITH(explain::ego_picture_svg(d, e), Catch::Contains("edge 9"));
  CHECK_THROWS_WITH(explain::ego_picture_svg(d, explained(d), {.most_nodes = 1}),
                    Catch::Contains("most_nodes = 1"));
  CHECK_THROWS_WITH(explain::ego_picture_svg(d, explained(d), {.classes = {0}}),
                    Catch::Contains("classes has 1"));
}

TEST_CASE("a whole graph is drawn with all that hangs together, and what does not") {
  const std::vector<Edge> edges{{0, 1}, {1, 2}, {3, 4}};
  data::Dataset d{.name = "two",
                  .graph = Graph::from_edges(8, edges, {.undirected = true}),
                  .x = Tensor::full({8, 1}, 1),
                  .graph_offsets = {0, 6, 8},
                  .task = data::Task::graph,
                  .y = {0, 1},
                  .classes = {"a", "b"}};
  auto e = explained(d);
  e.nodes = {0, 1, 2, 3, 4, 5};
  const auto svg = explain::ego_picture_svg(d, e);
  CHECK(xml_fault(svg).empty());
  CHECK(count(svg, "class=\"node\"") == 6);
  CHECK(count(svg, "explained\"") == 0);
  CHECK(count(svg, "class=\"link\"") == 3);
  CHECK(count(svg, "drawn:") == 0);
}
