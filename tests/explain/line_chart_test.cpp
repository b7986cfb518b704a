#include <agate/explain/line_chart.hpp>
#include <limits>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;
using explain::Line;

TEST_CASE("a line chart has its lines, dots, names and ticks") {
  const std::vector<Line> lines{{"tiled", {512, 1024, 2048}, {1, 4, 16}},
                                {"<linear>", {512, 1024, 2048}, {2, 4, 8}, {0.5, 0.5, 20}}};
  const std::string svg =
      explain::line_chart_svg(lines, {.title = "Time & length", .x_title = "length"});
  CHECK(count(svg, "class=\"line\"") == 2);
  CHECK(count(svg, "<circle") == 6);
  CHECK(count(svg, ">&lt;linear&gt;</text>") == 1);
  CHECK(count(svg, "Time &amp; length") == 2);  // written, and as the name of the document
  // Powers of two all of them; the second is written in units of 1,024.
  for (const char* tick : {">512</text>", ">1k</text>", ">2k</text>"}) CHECK(count(svg, tick) == 1);
  CHECK(svg == explain::line_chart_svg(lines, {.title = "Time & length", .x_title = "length"}));
}

TEST_CASE("points lie where the axes say") {
  // From 1 to 100 over the height of the axis: 10 is half way.
  const std::string svg =
      explain::line_chart_svg({{"a", {1, 10, 100}, {1, 10, 100}}}, {.width = 446, .height = 304});
  CHECK(count(svg, "cx=\"76\" cy=\"246\"") == 1);
  CHECK(count(svg, "cx=\"176\" cy=\"146\"") == 1);
  CHECK(count(svg, "cx=\"276\" cy=\"46\"") == 1);
}

TEST_CASE("what cannot be drawn as lines is refused") {
  auto draw = [](std::vector<Line> lines) { explain::line_chart_svg(lines); };
  CHECK(refusal([&] { draw({}); }).says("there are no lines"));
  CHECK(refusal([&] { draw({{"a", {}, {}}}); }).says("\"a\" is empty"));
  CHECK(refusal([&] { draw({{"a", {1, 2}, {1}}}); }).says("has 2 x, 1 y"));
  CHECK(refusal([&] { draw({{"a", {0}, {1}}}); }).says("has 0, expected a positive number"));
  CHECK(refusal([&] {
          draw({{"a", {1}, {std::numeric_limits<double>::quiet_NaN()}}});
        }).says("expected a positive number"));
}
