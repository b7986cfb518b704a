#include <agate/explain/heat_map.hpp>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;
using explain::heat_map_svg;
using explain::HeatMapOptions;
using explain::HeatPanel;

namespace {

const Real missing = std::numeric_limits<Real>::quiet_NaN();

Index cells_in(const std::string& svg) { return count(svg, "class=\"cell\""); }

std::vector<std::string> labels(const std::string& stem, Index n) {
  std::vector<std::string> all;
  for (Index i = 0; i < n; ++i) all.push_back(stem + std::to_string(i));
  return all;
}

// The colour of the cell that shows `about` under the pointer.
std::string colour_of(const std::string& svg, const std::string& about) {
  const auto at = svg.find("<title>" + about + "</title>");
  REQUIRE(at != std::string::npos);
  return svg.substr(svg.rfind("fill=\"", at) + 6, 7);
}

}  // namespace

TEST_CASE("a cell for each value, with labels and values", "[explain]") {
  const HeatPanel panel{Tensor::from({2, 3}, {0, Real(0.25), Real(0.75), 1, Real(0.5), missing}),
                        labels("q", 2), labels("k", 3), "GAT"};
  const std::string svg =
      heat_map_svg({panel}, {.title = "Attention", .legend = "weight", .missing = "no edge"});
  CHECK(xml_fault(svg) == "");
  CHECK(cells_in(svg) == 5);
  for (const char* text :
       {">q0<", ">q1<", ">k0<", ">k2<", ">GAT<", ">weight<", ">no edge<", ">0.25<", ">0.75<"})
    CHECK(count(svg, text) == 1);
  CHECK(count(svg, ">Attention<") == 2);  // the heading, and the title of the document
  CHECK(count(svg, "nan") == 0);
  CHECK(colour_of(svg, "q0, k0: 0") == "#440154");
  CHECK(colour_of(svg, "q1, k0: 1") == "#fde725");
  CHECK(heat_map_svg({panel}, {.title = "Attention", .legend = "weight", .missing = "no edge"}) ==
        svg);
}

TEST_CASE("rows go down, columns to the right", "[explain]") {
  const std::string svg = heat_map_svg({{Tensor::from({2, 2}, {1, 2, 3, 4}), {}, {}, {}}});
  std::vector<double> x, y;
  const auto all_x = attributes_of(svg, "<rect x", "x"), all_y = attributes_of(svg, "<rect x", "y");
  x.assign(all_x.end() - 4, all_x.end());
  y.assign(all_y.end() - 4, all_y.end());
  CHECK((x[0] == x[2] && x[1] == x[3] && x[0] < x[1]));
  CHECK((y[0] == y[1] && y[2] == y[3] && y[0] < y[2]));
  CHECK(svg.find(": 2<") < svg.find(": 3<"));
}

TEST_CASE("panels share one scale and stand side by side, or below", "[explain]") {
  const HeatPanel low{Tensor::full({3, 3}, Real(0.5)), {}, {}, "low"},
      high{Tensor::full({3, 3}, 1), {}, {}, "high"};
  const std::string svg = heat_map_svg({low, high});
  CHECK(cells_in(svg) == 18);
  CHECK(colour_of(svg, "0, 0: 1") == "#fde725");
  CHECK(colour_of(svg, "0, 0: 0.5") != "#fde725");
  const HeatPanel wide{Tensor::zeros({3, 30}), {}, {}, {}};
  const auto height = [](const std::string& text) {
    return attributes_of(text, "<svg", "height")[0];
  };
  CHECK(height(heat_map_svg({wide, wide, wide, wide})) > height(heat_map_svg({wide, wide})));
}

TEST_CASE("a scale that is given holds, values outside take its ends", "[explain]") {
  const std::string svg =
      heat_map_svg({{Tensor::from({1, 3}, {-5, 1, 5}), {}, {}, {}}}, {.least = 0.0, .most = 2.0});
  CHECK(colour_of(svg, "0, 0: -5") == "#440154");
  CHECK(colour_of(svg, "0, 2: 5") == "#fde725");
  CHECK(count(svg, ">2.0<") == 1);
  CHECK(xml_fault(heat_map_svg(
            {{Tensor::from({1, 2}, {std::numeric_limits<Real>::infinity(), 1}), {}, {}, {}}})) ==
        "");
}

TEST_CASE("matrices of one value, of none, and large ones", "[explain]") {
  CHECK(cells_in(heat_map_svg({{Tensor::zeros({1, 1}), {}, {}, {}}})) == 1);
  const std::string none = heat_map_svg({{Tensor::full({4, 4}, missing), {}, {}, {}}});
  CHECK(xml_fault(none) == "");
  CHECK(cells_in(none) == 0);

  const std::string many =
      heat_map_svg({{Tensor::zeros({200, 100}), labels("r", 200), labels("c", 100), {}}});
  CHECK(xml_fault(many) == "");
  CHECK(cells_in(many) == 20'000);
  CHECK(count(many, "<title>") == 1);  // too many to be told one by one
  CHECK(count(many, ">r0<") == 1);
  CHECK(count(many, ">r1<") == 0);  // only some labels can be read
  CHECK(count(many, ">0<") == 1);   // of the legend: no values in small cells

  Tensor sparse = Tensor::full({2000, 2000}, missing);
  for (Index i = 0; i < 2000; ++i) sparse.row(i)[i] = 1;
  CHECK(cells_in(heat_map_svg({{sparse, {}, {}, {}}})) == 2000);
}

TEST_CASE("labels of a heat map are escaped and cut", "[explain]") {
  const std::string svg = heat_map_svg({{Tensor::zeros({1, 1}),
                                         {"<a> & " + std::string(300, 'W')},
                                         {"\"\x02" + std::string(300, 'M')},
                                         "<t>"}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, ">&lt;a&gt; &amp; WW") == 2);  // the label, and under the pointer
  CHECK(count(svg, std::string(100, 'W')) == 0);
  CHECK(count(svg, "\xe2\x80\xa6") >= 2);
}

TEST_CASE("what no heat map can show is refused", "[explain]") {
  const auto refused = [](const std::vector<HeatPanel>& panels, const HeatMapOptions& o = {}) {
    return refusal([&] { heat_map_svg(panels, o); });
  };
  const Tensor one = Tensor::zeros({1, 1});
  CHECK(refused({}).says("no matrix"));
  CHECK(refused({{Tensor::zeros({0, 3}), {}, {}, {}}}).says("0 x 3, there is nothing to draw"));
  const auto tall = refused({{Tensor::zeros({2001, 1}), {}, {}, {}}});
  CHECK(tall.code == ErrorCode::limit);
  CHECK(tall.says("2001 x 1, a picture shows at most 2,000 rows and columns"));
  CHECK(refused({{Tensor::zeros({501, 500}), {}, {}, {}}}).says("250,500 cells"));
  CHECK(refused({{one, {"a", "b"}, {}, {}}}).says("1 rows and 2 labels"));
  CHECK(refused({{one, {}, {"a", "b"}, {}}}).says("1 columns and 2 labels"));
  CHECK(refused({{one, {}, {}, {}}}, {.least = 1.0, .most = 1.0}).says("from 1 to 1"));
  CHECK(refused({{one, {}, {}, {}}}, {.width = 399}).says("399"));
}
