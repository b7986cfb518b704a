#include "explain/layout.hpp"

#include <agate/core/random.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "explain/quadtree.hpp"
#include "explain/xml_text.hpp"

using namespace agate;
using namespace agate::explain;

namespace {

Links random_links(Index n, Index edges, std::uint64_t seed) {
  Random random(seed);
  std::vector<Edge> list;
  for (Index e = 0; e < edges; ++e)
    list.push_back({static_cast<NodeId>(random.below(static_cast<std::uint64_t>(n))),
                    static_cast<NodeId>(random.below(static_cast<std::uint64_t>(n)))});
  return links_of(Graph::from_edges(n, list));
}

constexpr Area page{10, 20, 800, 600};

Layout layout_of(const Links& links) {
  const std::vector<int> group(static_cast<std::size_t>(links.num_nodes()));
  return lay_out(links, {.area = page, .group = group, .seed = 3});
}

}  // namespace

TEST_CASE("links are both ways, without loops and duplicates", "[explain]") {
  const Edge edges[] = {{0, 1}, {1, 0}, {0, 1}, {2, 2}, {2, 1}};
  const Links links = links_of(Graph::from_edges(4, edges));
  CHECK(links.num_pairs() == 2);
  CHECK(links.offsets == std::vector<Index>{0, 1, 3, 4, 4});
  CHECK(links.ends == std::vector<NodeId>{1, 0, 2, 1});
}

TEST_CASE("the quadtree's repulsion is near the sum over all pairs", "[explain]") {
  Random random(1);
  std::vector<Place> places;
  std::vector<double> masses;
  for (int i = 0; i < 500; ++i) {
    places.push_back({random.normal(), random.normal() * 3});
    masses.push_back(1 + random.uniform() * 5);
  }
  for (int i = 0; i < 40; ++i) places[i] = {0.5, 0.5};  // no division tells these apart
  const Quadtree tree(places, masses);
  double error = 0, size = 0;
  for (const Place& at : places) {
    Place exact;
    for (std::size_t j = 0; j < places.size(); ++j) {
      const double dx = at.x - places[j].x, dy = at.y - places[j].y, d = dx * dx + dy * dy;
      if (d == 0) continue;
      exact = {exact.x + masses[j] * dx / d, exact.y + masses[j] * dy / d};
    }
    const Place found = tree.repulsion(at);
    error += std::hypot(found.x - exact.x, found.y - exact.y);
    size += std::hypot(exact.x, exact.y);
  }
  CHECK(error < 0.05 * size);
  CHECK(error > 0);
}

TEST_CASE("a layout is inside its area, finite and hardly overlaps", "[explain]") {
  for (const auto& [n, edges] :
       {std::pair<Index, Index>{2, 3}, {30, 60}, {400, 300}, {400, 4000}}) {
    const Links links = random_links(n, edges, 5);
    const Layout layout = layout_of(links);
    Index outside = 0, overlaps = 0;
    for (std::size_t i = 0; i < layout.places.size(); ++i) {
      const Place p = layout.places[i];
      outside += !(p.x >= page.left && p.x <= page.left + page.width && p.y >= page.top &&
                   p.y <= page.top + page.height);
      for (std::size_t j = 0; j < i; ++j)
        overlaps += std::hypot(p.x - layout.places[j].x, p.y - layout.places[j].y) <
                    0.8 * (layout.radii[i] + layout.radii[j]);
    }
    INFO(n << " nodes, " << edges << " edges");
    CHECK(outside == 0);
    CHECK(overlaps <= n / 50);
  }
}

TEST_CASE("linked nodes stand nearer than others", "[explain]") {
  // Two cliques of 20 and one link between them.
  std::vector<Edge> edges{{0, 20}};
  for (NodeId i = 0; i < 20; ++i)
    for (NodeId j = 0; j < i; ++j) {
      edges.push_back({i, j});
      edges.push_back({i + 20, j + 20});
    }
  const Layout layout = layout_of(links_of(Graph::from_edges(40, edges)));
  double within = 0, between = 1e9;
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double apart = std::hypot(layout.places[i].x - layout.places[j].x,
                                      layout.places[i].y - layout.places[j].y);
      if (i < 20 || j >= 20)
        within = std::max(within, apart);
      else if (i != 20 && j != 0)
        between = std::min(between, apart);
    }
  CHECK(within < between);
}

TEST_CASE("the largest component takes most of the area, whatever else there is", "[explain]") {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < 100; ++i)
    for (NodeId step : {1, 7}) edges.push_back({i, (i + step) % 100});
  for (NodeId i = 100; i < 130; i += 2) edges.push_back({i, i + 1});
  const Layout layout = layout_of(links_of(Graph::from_edges(180, edges)));
  double top = 1e9, bottom = 0, others = 1e9;
  for (std::size_t i = 0; i < 100; ++i) {
    top = std::min(top, layout.places[i].y);
    bottom = std::max(bottom, layout.places[i].y);
  }
  for (std::size_t i = 100; i < 180; ++i) others = std::min(others, layout.places[i].y);
  CHECK(layout.isolated == 50);
  CHECK(bottom - top > 0.6 * page.height);
  CHECK(others > bottom);
  for (std::size_t i = 130; i < 180; ++i) CHECK(layout.places[i].y > layout.isolated_top);
}

TEST_CASE("text for XML", "[explain]") {
  CHECK(xml_text("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(xml_text("a\tb\r\nc") == "a b  c");
  CHECK(xml_text("\xed\xa0\x80|\xf4\x90\x80\x80|\xc0\x80|\xe2\x82|\x80") == "||||");
  CHECK(xml_text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") == "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(text_length("\xc3\xa9 <") == 3);
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdefg", 6) == "abcde\xe2\x80\xa6");
  CHECK(shortened("abc", 0) == "");
}
