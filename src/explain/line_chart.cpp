#include <agate/core/error.hpp>
#include <agate/explain/line_chart.hpp>
#include <algorithm>
#include <cmath>

#include "explain/palette.hpp"
#include "explain/scale.hpp"
#include "explain/svg.hpp"
#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double left = 76, right = 170, top = 46, bottom = 58;

void check_number(double value, bool logarithmic, const Line& line) {
  check(std::isfinite(value) && (!logarithmic || value > 0), ErrorCode::value,
        "line chart: the line \"", line.name, "\" has ", value, ", expected a ",
        logarithmic ? "positive number" : "number");
}

void check_line(const Line& line, const LineChartOptions& o) {
  check(line.x.size() == line.y.size() &&
            (line.deviation.empty() || line.deviation.size() == line.y.size()),
        ErrorCode::shape, "line chart: the line \"", line.name, "\" has ", line.x.size(), " x, ",
        line.y.size(), " y and ", line.deviation.size(), " deviations");
  check(!line.x.empty(), ErrorCode::value, "line chart: the line \"", line.name, "\" is empty");
  for (const double x : line.x) check_number(x, o.log_x, line);
  for (const double y : line.y) check_number(y, o.log_y, line);
}

std::vector<double> all(const std::vector<Line>& lines, std::vector<double> Line::*of) {
  std::vector<double> numbers;
  for (const Line& line : lines)
    numbers.insert(numbers.end(), (line.*of).begin(), (line.*of).end());
  return numbers;
}

class LineChart {
 public:
  LineChart(const std::vector<Line>& lines, const LineChartOptions& o)
      : lines_(lines),
        o_(o),
        x_(all(lines, &Line::x), o.log_x, left, o.width - right),
        y_(all(lines, &Line::y), o.log_y, o.height - bottom, top) {}

  std::string draw() {
    svg_ = svg_start(o_.width, o_.height, o_.title);
    text(left, 24, "start", o_.title, "#000", " font-weight=\"bold\"", 15);
    axes();
    for (std::size_t k = 0; k < lines_.size(); ++k) line(lines_[k], static_cast<int>(k));
    names();
    return svg_ + "</svg>\n";
  }

 private:
  void text(double x, double y, const char* anchor, const std::string& what,
            const std::string& colour = "#000", const std::string& more = "",
            double size = small_size) {
    svg_ += svg_text(x, y, size, what, o_.width, colour,
                     " text-anchor=\"" + std::string(anchor) + '"' + more);
  }
  void segment(double x1, double y1, double x2, double y2, const std::string& stroke) {
    svg_ += svg_line(x1, y1, x2, y2, stroke);
  }

  void axes() {
    const double floor = o_.height - bottom, end = o_.width - right;
    for (const Tick& tick : x_.ticks()) {
      segment(x_(tick.value), floor, x_(tick.value), top, "#e4e4e4");
      text(x_(tick.value), floor + 18, "middle", tick.text);
    }
    for (const Tick& tick : y_.ticks()) {
      segment(left, y_(tick.value), end, y_(tick.value), "#e4e4e4");
      text(left - 8, y_(tick.value) + 4, "end", tick.text);
    }
    segment(left, floor, end, floor, "#444");
    segment(left, floor, left, top, "#444");
    text((left + end) / 2, o_.height - 14, "middle", o_.x_title);
    const std::string turn = " transform=\"rotate(-90 18 " + px((top + floor) / 2) + ")\"";
    text(18, (top + floor) / 2, "middle", o_.y_title, "#000", turn);
  }

  void line(const Line& line, int number) {
    const std::string colour = class_colour(number);
    std::string path;
    for (std::size_t i = 0; i < line.x.size(); ++i)
      path += (i == 0 ? 'M' : 'L') + px(x_(line.x[i])) + ' ' + px(y_(line.y[i]));
    svg_ += "<path class=\"line\" d=\"" + path + "\" fill=\"none\" stroke=\"" + colour +
            "\" stroke-width=\"2\"/>\n";
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (!line.deviation.empty()) {
        const double low = line.y[i] - line.deviation[i], high = line.y[i] + line.deviation[i];
        const double to = o_.log_y && low <= 0 ? o_.height - bottom : y_(low);
        segment(x_(line.x[i]), std::min<double>(to, o_.height - bottom), x_(line.x[i]),
                std::max(y_(high), top), colour);
      }
      if (!o_.dots && line.x.size() > 1) continue;
      svg_ += "<circle cx=\"" + px(x_(line.x[i])) + "\" cy=\"" + px(y_(line.y[i])) +
              "\" r=\"3.5\" fill=\"" + colour + "\"><title>" + xml_text(line.name) +
              "</title></circle>\n";
    }
  }

  // At the ends of the lines, pushed apart where they would cover each other.
  void names() {
    struct Name {
      double y;
      std::size_t line;
    };
    std::vector<Name> order;
    for (std::size_t k = 0; k < lines_.size(); ++k) order.push_back({y_(lines_[k].y.back()), k});
    std::ranges::stable_sort(order, {}, &Name::y);
    for (std::size_t k = 1; k < order.size(); ++k)
      order[k].y = std::max(order[k].y, order[k - 1].y + 1.2 * small_size);
    for (const Name& name : order) {
      const Line& line = lines_[name.line];
      text(x_(line.x.back()) + 10, name.y + 4, "start", shortened(line.name, 26),
           class_colour(static_cast<int>(name.line)));
    }
  }

  const std::vector<Line>& lines_;
  const LineChartOptions& o_;
  Scale x_, y_;
  std::string svg_;
};

}  // namespace

std::string line_chart_svg(const std::vector<Line>& lines, const LineChartOptions& options) {
  check(!lines.empty(), ErrorCode::value, "line chart: there are no lines");
  for (const int side : {options.width, options.height})
    check(side >= 200 && side <= 10'000, ErrorCode::value, "line chart: a width or height of ",
          side, ", expected 200 to 10,000");
  for (const Line& line : lines) check_line(line, options);
  return LineChart(lines, options).draw();
}

}  // namespace AGATE_NAMESPACE::explain
