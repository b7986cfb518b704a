#include <agate/data/catalogue.hpp>
#include <agate/explain/graph_picture.hpp>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;
using explain::graph_picture_svg;
using explain::PictureOptions;

namespace {

data::Dataset dataset_of(Index n, const std::vector<Edge>& edges, int classes = 2) {
  data::Dataset d;
  d.name = "small";
  d.graph = Graph::from_edges(n, edges, {.undirected = true});
  for (int c = 0; c < classes; ++c) d.classes.push_back("class " + std::to_string(c));
  for (Index i = 0; i < n; ++i) d.y.push_back(static_cast<int>(i % (classes + 1)) - 1);
  return d;
}

data::Dataset ring(Index n) {
  std::vector<Edge> edges;
  for (Index i = 0; i < n; ++i)
    edges.push_back({static_cast<NodeId>(i), static_cast<NodeId>((i + 1) % n)});
  return dataset_of(n, edges);
}

data::Dataset shipped_dataset(const std::string& name) {
  return data::load(name, {.shipped = AGATE_SOURCE_DIR "/datasets", .data_dir = {}}).dataset;
}

const std::string node = "<circle class=\"node\"";
Index nodes_in(const std::string& svg) { return count(svg, node); }

void check_inside(const std::string& svg, const PictureOptions& options) {
  const auto x = attributes_of(svg, node, "cx"), y = attributes_of(svg, node, "cy");
  bool inside = true;
  for (std::size_t i = 0; i < x.size(); ++i)
    inside = inside && x[i] >= 0 && x[i] <= options.width && y[i] >= 0 && y[i] <= options.height;
  CHECK(inside);
}

}  // namespace

TEST_CASE("karate: labels, legend, one circle a node", "[explain]") {
  const data::Dataset d = shipped_dataset("karate");
  const std::string svg = graph_picture_svg(d, {.title = "Karate"});
  CHECK(xml_fault(svg) == "");
  CHECK(nodes_in(svg) == 34);
  CHECK(count(svg, "pointer-events") == 34);  // the names
  CHECK(svg.find(">Mr. Hi: 17<") != std::string::npos);
  CHECK(svg.find(">Officer: 17<") != std::string::npos);
  CHECK(svg.find("wrong") == std::string::npos);
  CHECK(svg.find("without edges") == std::string::npos);
  check_inside(svg, {});
}

TEST_CASE("polblogs: fast, small, in two parts, nodes without edges below", "[explain]") {
  const data::Dataset d = shipped_dataset("polblogs");
  const auto start = std::chrono::steady_clock::now();
  const std::string svg = graph_picture_svg(d);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CHECK(seconds.count() < 30);
  CHECK(svg.size() < 2'000'000);
  CHECK(xml_fault(svg) == "");
  CHECK(nodes_in(svg) == 1490);
  CHECK(count(svg, "<path") < 150);
  CHECK(count(svg, "pointer-events") == 0);
  CHECK(svg.find(">266 nodes without edges<") != std::string::npos);
  check_inside(svg, {});

  // The leanings stand apart by more than they spread.
  double sum[2] = {}, squares[2] = {}, n[2] = {};
  for (auto at = svg.find("<circle class=\"node\""); at != std::string::npos;
       at = svg.find("<circle class=\"node\"", at + 1)) {
    const std::string circle = svg.substr(at, svg.find("</circle>", at) - at);
    if (attributes_of(circle, node, "cy")[0] > 825) continue;
    const int side = circle.find(": liberal<") != std::string::npos;
    const double x = attributes_of(circle, node, "cx")[0];
    sum[side] += x, squares[side] += x * x, n[side] += 1;
  }
  const double a = sum[0] / n[0], b = sum[1] / n[1];
  const double spread =
      std::sqrt((squares[0] + squares[1] - n[0] * a * a - n[1] * b * b) / (n[0] + n[1]));
  CHECK(std::abs(a - b) > 2 * spread);
}

TEST_CASE("the same input gives the same picture, another seed another", "[explain]") {
  const data::Dataset d = shipped_dataset("karate");
  PictureOptions options;
  const std::string svg = graph_picture_svg(d, options);
  CHECK(graph_picture_svg(d, options) == svg);
  options.seed = 1;
  CHECK(graph_picture_svg(d, options) != svg);
}

TEST_CASE("predictions colour, wrong nodes are ringed", "[explain]") {
  const data::Dataset d = ring(3);  // y = -1, 0, 1
  const PictureOptions options{.predicted = {1, 1, 1}, .wrong = {1, 1}};
  const std::string svg = graph_picture_svg(d, options);
  CHECK(xml_fault(svg) == "");
  CHECK(svg.find(">class 0: 0<") != std::string::npos);
  CHECK(svg.find(">class 1: 3<") != std::string::npos);
  CHECK(svg.find(">wrong: 1<") != std::string::npos);
  CHECK(svg.find("unknown") == std::string::npos);
  CHECK(svg.find("<title>1: class 1 (is class 0)</title>") != std::string::npos);
  CHECK(count(svg, "stroke=\"#000\"") == 2);  // the node and the key

  const std::string truth = graph_picture_svg(d);
  CHECK(truth.find(">unknown: 1<") != std::string::npos);
  CHECK(truth.find(">class 0: 1<") != std::string::npos);
}

TEST_CASE("text is escaped, what XML cannot hold is left out", "[explain]") {
  data::Dataset d = ring(4);
  d.node_ids = {"<script>", "a&b\"c'", std::string("n\0ul\x01\x7f", 6),
                "bad\xff\xc0\xaf utf\xe2\x82"};
  d.classes = {"x<y", "\xe2\x82\xac & co"};
  const std::string svg =
      graph_picture_svg(d, {.title = "T <&> \"q\"", .subtitle = "s\x02\xef\xbf\xbf&s"});
  CHECK(xml_fault(svg) == "");
  CHECK(svg.find("&lt;script&gt;") != std::string::npos);
  CHECK(svg.find(">a&amp;b&quot;c&#39;<") != std::string::npos);
  CHECK(svg.find(">nul<") != std::string::npos);
  CHECK(svg.find(">bad utf<") != std::string::npos);
  CHECK(svg.find(">x&lt;y: 1<") != std::string::npos);
  CHECK(svg.find(">\xe2\x82\xac &amp; co: 1<") != std::string::npos);
  CHECK(svg.find(">T &lt;&amp;&gt; &quot;q&quot;<") != std::string::npos);
  CHECK(svg.find(">s&amp;s<") != std::string::npos);
}

TEST_CASE("pictures of hardly anything", "[explain]") {
  SECTION("no node") {
    const std::string svg = graph_picture_svg(dataset_of(0, {}));
    CHECK(xml_fault(svg) == "");
    CHECK(nodes_in(svg) == 0);
  }
  SECTION("no class") {
    const std::string svg = graph_picture_svg(dataset_of(2, {{0, 1}}, 0));
    CHECK(xml_fault(svg) == "");
    CHECK(svg.find(">unknown: 2<") != std::string::npos);
  }
  SECTION("one node, alone or with a loop") {
    for (const std::vector<Edge>& edges : {std::vector<Edge>{}, std::vector<Edge>{{0, 0}}}) {
      const std::string svg = graph_picture_svg(dataset_of(1, edges));
      CHECK(xml_fault(svg) == "");
      CHECK(nodes_in(svg) == 1);
      CHECK(svg.find(">1 node without edges<") != std::string::npos);
      check_inside(svg, {});
    }
  }
  SECTION("no edges") {
    for (Index n : {7, 500}) {
      const std::string svg = graph_picture_svg(dataset_of(n, {}));
      CHECK(xml_fault(svg) == "");
      CHECK(nodes_in(svg) == n);
      CHECK(count(svg, "<path") == 0);
      check_inside(svg, {});
    }
  }
}

TEST_CASE("duplicates, both directions and loops are drawn once or not at all", "[explain]") {
  data::Dataset d = dataset_of(3, {{0, 1}, {1, 0}, {0, 1}, {2, 2}, {1, 2}});
  CHECK(count(graph_picture_svg(d), "M") == 2);
  d.graph = Graph::from_edges(3, std::vector<Edge>{{0, 1}, {1, 0}, {2, 1}});  // directed
  CHECK(count(graph_picture_svg(d), "M") == 2);
}

TEST_CASE("many components, small canvases, many classes", "[explain]") {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < 300; ++i)
    if (i % 7 != 0) edges.push_back({i, i - 1});
  const data::Dataset d = dataset_of(310, edges, 30);
  for (int side : {200, 1000}) {
    const PictureOptions options{.predicted = {},
                                 .wrong = {5},
                                 .title = std::string(500, 'W'),
                                 .subtitle = "s",
                                 .width = side,
                                 .height = 1200 - side};
    const std::string svg = graph_picture_svg(d, options);
    CHECK(xml_fault(svg) == "");
    CHECK(nodes_in(svg) == 310);
    CHECK(svg.find(" more<") != std::string::npos);
    CHECK(svg.find(">wrong: 1<") != std::string::npos);
    check_inside(svg, options);
  }
}

TEST_CASE("of too many links a choice is drawn, and said so", "[explain]") {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < 360; ++i)
    for (NodeId j = 0; j < i; ++j) edges.push_back({i, j});
  const std::string svg = graph_picture_svg(dataset_of(360, edges));
  CHECK(svg.find(">60,000 of 64,620 links drawn, chosen at random<") != std::string::npos);
  CHECK(count(svg, "L") == 60'000 + count(svg, "Liberation"));
}

TEST_CASE("what cannot be drawn is refused", "[explain]") {
  const auto refused = [](const data::Dataset& d, const PictureOptions& options = {}) {
    return refusal([&] { graph_picture_svg(d, options); });
  };
  const auto large = refused(dataset_of(20'001, {}));
  CHECK(large.code == ErrorCode::limit);
  CHECK(large.says("20,001 nodes, a picture shows at most 20,000"));

  std::vector<Edge> edges;
  for (NodeId i = 0; i < 2001; ++i)
    for (NodeId j = 0; j < i; ++j) edges.push_back({i, j});
  CHECK(
      refused(dataset_of(2001, edges)).says("2,001,000 links, a picture shows at most 2,000,000"));

  data::Dataset d = ring(3);
  PictureOptions options;
  options.predicted = {0, 1};
  CHECK(refused(d, options).says("predicted has 2 entries, the graph has 3 nodes"));
  options.predicted = {0, 1, 2};
  CHECK(refused(d, options).says("predicted gives node 2 the class 2, there are 2"));
  options.predicted = {0, -2, 1};
  CHECK(refused(d, options).code == ErrorCode::shape);
  options.predicted.clear();
  options.wrong = {3};
  CHECK(refused(d, options).says("wrong names node 3, the graph has 3"));
  options.wrong = {-1};
  CHECK(refused(d, options).code == ErrorCode::shape);
  options.wrong.clear();
  options.width = 199;
  CHECK(refused(d, options).code == ErrorCode::value);
  options.width = 1200;
  options.height = 10'001;
  CHECK(refused(d, options).says("10001, expected 200 to 10,000"));
  d.y.pop_back();
  CHECK(refused(d).says("y has 2 entries"));
  d.y.push_back(0);
  d.node_ids = {"a"};
  CHECK(refused(d).says("1 node ids"));
  d.node_ids.clear();
  d.graph = Graph::bipartite(4, 3, {});
  CHECK(refused(d).code == ErrorCode::unsupported);
}
