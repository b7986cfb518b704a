#include <agate/explain/bar_chart.hpp>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;
using explain::Bar;
using explain::bar_chart_svg;

namespace {

const std::string bar = "class=\"bar\"", run_mark = "<circle class=\"run\"";

// Where a value stands on the axis, by the ticks of two numbers written below it.
double place_of(const std::string& svg, double value, const std::string& from,
                const std::string& to) {
  const auto x_of = [&](const std::string& tick) {
    const auto end = svg.find(">" + tick + "</text>");
    REQUIRE(end != std::string::npos);
    return attributes_of(svg.substr(svg.rfind("<text", end)), "<text", "x")[0];
  };
  const double a = std::stod(from), b = std::stod(to), x = x_of(from);
  return x + (x_of(to) - x) * (value - a) / (b - a);
}

std::vector<Bar> three() {
  return {{.name = "mlp", .mean = 58.2, .deviation = 0.6, .runs = {57.6, 58.8}, .columns = {"1"}},
          {.name = "gcn", .mean = 81.5, .deviation = 0.7, .runs = {80.8, 82.2}, .columns = {"2"}},
          {.name = "gat", .mean = 83, .runs = {83}, .columns = {"3"}, .marked = true}};
}

}  // namespace

TEST_CASE("a bar for each mean, a whisker for each deviation, a dot for each run", "[explain]") {
  const std::string svg =
      bar_chart_svg(three(), {.title = "Cora", .axis = "accuracy, %", .heads = {"size"}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, bar) == 3);
  CHECK(count(svg, "class=\"whisker\"") == 2);
  CHECK(count(svg, run_mark) == 5);
  for (const char* text : {">mlp<", ">58.2 +- 0.6<", ">81.5 +- 0.7<", ">83.0<", ">size<", ">2<",
                           ">Cora<", ">accuracy, %<"})
    CHECK(count(svg, text) >= 1);
  CHECK(count(svg, ">83.0 +- 0.0<") == 0);
}

TEST_CASE("lengths are in proportion where the axis starts at 0", "[explain]") {
  const std::string svg = bar_chart_svg(three(), {.heads = {"size"}});
  CHECK(count(svg, "not from 0") == 0);
  const auto lengths = attributes_of(svg, "<rect x", "width");
  REQUIRE(lengths.size() == 3);
  CHECK(std::abs(lengths[1] / lengths[0] - 81.5 / 58.2) < 0.002);
  const auto dots = attributes_of(svg, run_mark, "cx");
  CHECK(std::abs(dots[0] - place_of(svg, 57.6, "0", "80")) < 0.3);
  CHECK(std::abs(dots[3] - place_of(svg, 82.2, "0", "80")) < 0.3);
}

TEST_CASE("values close together and far from 0 get an axis that says where it starts",
          "[explain]") {
  auto bars = three();
  bars.erase(bars.begin());
  const std::string svg = bar_chart_svg(bars, {.heads = {"size"}});
  CHECK(count(svg, ">the axis runs from 80.0 to 83.0, not from 0<") == 1);
  CHECK(count(svg, "stroke=\"#fff\" stroke-width=\"3\"") == 4);  // both bars are broken
  const auto dots = attributes_of(svg, run_mark, "cx");
  CHECK(std::abs(dots[0] - place_of(svg, 80.8, "81.0", "83.0")) < 0.3);
  CHECK(std::abs(dots[2] - place_of(svg, 83, "81.0", "83.0")) < 0.3);
}

TEST_CASE("bars of equal, zero, negative, huge and tiny means", "[explain]") {
  const auto drawn = [](std::vector<double> means) {
    std::vector<Bar> bars;
    for (double mean : means) bars.push_back({.name = "b", .mean = mean, .runs = {mean}});
    const std::string svg = bar_chart_svg(bars);
    CHECK(xml_fault(svg) == "");
    CHECK(count(svg, "nan") == 0);
    for (double x : attributes_of(svg, run_mark, "cx")) CHECK((x > 0 && x < 960));
    for (double width : attributes_of(svg, "<rect x", "width")) CHECK((width >= 0 && width < 960));
    return svg;
  };
  drawn({50, 50});
  drawn({0});
  drawn({0, 0, 0});
  drawn({1e12, 3e12});
  drawn({1e-9, 2e-9});
  const std::string svg = drawn({-2, 3});
  const auto x = attributes_of(svg, "<rect x", "x"), width = attributes_of(svg, "<rect x", "width");
  CHECK(std::abs(x[0] + width[0] - x[1]) < 0.3);  // they meet at 0
}

TEST_CASE("texts of a chart are escaped and cut", "[explain]") {
  const std::string svg =
      bar_chart_svg({{.name = "<b> & " + std::string(200, 'W'), .mean = 1, .columns = {"<1>"}}},
                    {.title = "T&" + std::string(500, 'M'), .axis = "\"a\"", .heads = {"h\x01<"}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "&lt;b&gt; &amp; W") == 1);
  CHECK(count(svg, std::string(60, 'W')) == 0);
  CHECK(count(svg, "&lt;1&gt;") == 1);
}

TEST_CASE("a chart of nothing, of too much or of no numbers is refused", "[explain]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](const std::vector<Bar>& bars, const explain::BarChartOptions& o = {}) {
    return refusal([&] { bar_chart_svg(bars, o); });
  };
  CHECK(refused({}).says("no bar"));
  CHECK(refused(std::vector<Bar>(201)).says("201 bars, a chart shows at most 200"));
  CHECK(refused({{.name = "gat", .mean = nan}}).says("gat has the mean nan"));
  CHECK(refused({{.name = "gat", .mean = 1, .deviation = -1}}).code == ErrorCode::value);
  CHECK(refused({{.name = "gat", .mean = 1, .runs = {1, nan}}}).says("a run of gat is nan"));
  CHECK(refused({{.name = "gat", .columns = {"1"}}}).says("1 columns, there are 0 heads"));
  CHECK(refused({{.name = "gat"}}, {.width = 399}).says("399, expected 400"));
  CHECK(refused({{.name = "gat"}}, {.decimals = 7}).says("7 decimals"));
}
