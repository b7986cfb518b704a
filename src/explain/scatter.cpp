#include <agate/core/error.hpp>
#include <agate/explain/embedding_map.hpp>
#include <algorithm>
#include <cmath>

#include "explain/palette.hpp"
#include "explain/svg.hpp"
#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double border = 20, head = 64, legend_row = 20, legend_size = 13;
constexpr Index most_points = 50'000;
constexpr std::size_t most_legend = 24;

void check_parts(const Tensor& points, const ScatterOptions& o) {
  const Index n = points.rows();
  check(n > 0 && points.cols() == 2, ErrorCode::value, "scatter: points ",
        points.shape().to_string(), ", expected some of 2 numbers");
  check(n <= most_points, ErrorCode::limit, "scatter: ", n, " points, at most ", most_points);
  auto fits = [&](std::size_t size, const char* what) {
    check(size == 0 || static_cast<Index>(size) == n, ErrorCode::shape, "scatter: ", size, " ",
          what, " for ", n, " points");
  };
  fits(o.classes.size(), "classes");
  fits(o.labels.size(), "labels");
  fits(o.ringed.size(), "marks");
  for (const Real v : points.values())
    check(std::isfinite(v), ErrorCode::value, "scatter: a point at ", v);
  for (const int side : {o.width, o.height})
    check(side >= 200 && side <= 10'000, ErrorCode::value, "scatter: a width or height of ", side,
          ", expected 200 to 10,000");
}

}  // namespace

std::string scatter_svg(const Tensor& points, const ScatterOptions& o) {
  check_parts(points, o);
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (Index i = 0; i < points.rows(); ++i)
    for (int c = 0; c < 2; ++c) {
      low[c] = std::min<double>(low[c], points.row(i)[c]);
      high[c] = std::max<double>(high[c], points.row(i)[c]);
    }
  const double room = o.names.empty() ? 0 : 190;
  const double width = o.width - 2 * border - room, height = o.height - head - border;
  // One scale for both directions: distances are what a map is about.
  const double extent = std::max({high[0] - low[0], high[1] - low[1], 1e-30});
  const double scale = std::min(width / std::max(high[0] - low[0], extent * 1e-9),
                                height / std::max(high[1] - low[1], extent * 1e-9));
  std::string svg = svg_start(o.width, o.height, o.title);
  svg += svg_text(border, 28, 18, o.title, o.width - 2 * border, "#000", " font-weight=\"bold\"");
  svg += svg_text(border, 50, legend_size, o.subtitle, o.width - 2 * border, "#444");
  const double radius = points.rows() > 1000 ? 2.5 : 4;
  for (Index i = 0; i < points.rows(); ++i) {
    const double x =
        border + scale * (points.row(i)[0] - low[0]) + (width - scale * (high[0] - low[0])) / 2;
    const double y =
        head + scale * (points.row(i)[1] - low[1]) + (height - scale * (high[1] - low[1])) / 2;
    const int kind = o.classes.empty() ? 0 : o.classes[static_cast<std::size_t>(i)];
    svg += "<circle cx=\"" + px(x) + "\" cy=\"" + px(y) + "\" r=\"" + px(radius) + "\" fill=\"" +
           class_colour(kind) + "\" fill-opacity=\"0.75\"";
    if (!o.ringed.empty() && o.ringed[static_cast<std::size_t>(i)])
      svg += " stroke=\"#000\" stroke-width=\"1.3\"";
    svg += o.labels.empty() ? "/>\n"
                            : "><title>" + xml_text(o.labels[static_cast<std::size_t>(i)]) +
                                  "</title></circle>\n";
  }
  const double left = o.width - room;
  for (std::size_t c = 0; c < std::min(o.names.size(), most_legend); ++c) {
    const double y = head + legend_row * static_cast<double>(c) + 10;
    svg += svg_rect(left, y - 10, 12, 12, class_colour(static_cast<int>(c)));
    svg += svg_text(left + 18, y, legend_size, o.names[c], room - 24);
  }
  if (o.names.size() > most_legend)
    svg += svg_text(left, head + legend_row * most_legend + 10, legend_size,
                    "and " + std::to_string(o.names.size() - most_legend) + " more", room, "#444");
  return svg + "</svg>\n";
}

}  // namespace AGATE_NAMESPACE::explain
