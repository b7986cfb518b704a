#include <agate/core/error.hpp>
#include <agate/explain/bar_chart.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "explain/axis.hpp"
#include "explain/palette.hpp"
#include "explain/svg.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double column_gap = 18, row = 44, bar = 20, run_radius = 2.8;
constexpr double name_size = 15;
constexpr const char* pale_grey = "#ddd";

struct Span {
  double least = 0, most = 0;
};

// Of everything that is drawn.
Span span_of(const std::vector<Bar>& bars) {
  Span span{bars.front().mean, bars.front().mean};
  const auto add = [&](double value) {
    span.least = std::min(span.least, value);
    span.most = std::max(span.most, value);
  };
  for (const Bar& b : bars) {
    add(b.mean - b.deviation);
    add(b.mean + b.deviation);
    for (double value : b.runs) add(value);
  }
  return span;
}

class BarChart {
 public:
  BarChart(const std::vector<Bar>& bars, const BarChartOptions& options)
      : bars_(bars), options_(options) {
    place_columns();
    axis_ = choose_axis();
  }

  std::string draw() {
    double top = margin;
    if (!options_.title.empty()) top += 32;
    if (!options_.subtitle.empty()) top += 24;
    top_ = top + 22;
    const double foot = top_ + row * static_cast<double>(bars_.size());
    svg_ = svg_start(options_.width, foot + (broken() ? 84 : 66), title());
    heading();
    grid(foot);
    for (std::size_t i = 0; i < bars_.size(); ++i)
      draw_bar(bars_[i], top_ + row * static_cast<double>(i) + 0.42 * row);
    if (axis_.least <= 0) svg_ += svg_line(at(0), top_, at(0), foot, "#000");
    return svg_ + "</svg>\n";
  }

 private:
  // From 0, unless that leaves less than a fifth of the axis to the differences.
  Axis choose_axis() const {
    const Span span = span_of(bars_);
    const double width = span.most - span.least;
    const int parts = std::clamp(static_cast<int>((right_ - left_) / 75), 1, 6);
    if (span.least > 0 && width > 0 && width < 0.2 * span.most)
      return round_axis(std::max(0.0, span.least - 0.3 * width), span.most, parts);
    return round_axis(std::min(0.0, span.least), std::max(0.0, span.most), parts);
  }
  bool broken() const { return axis_.least > 0; }

  std::string title() const { return options_.title.empty() ? options_.axis : options_.title; }

  std::string value_text(const Bar& b) const {
    char text[96];
    if (b.runs.size() == 1 && b.deviation == 0)
      std::snprintf(text, sizeof text, "%.*f", options_.decimals, b.mean);
    else
      std::snprintf(text, sizeof text, "%.*f +- %.*f", options_.decimals, b.mean, options_.decimals,
                    b.deviation);
    return text;
  }

  // From the right: the columns, the value, the plot, the name.
  void place_columns() {
    double right = options_.width - margin;
    ends_.resize(options_.heads.size());
    for (std::size_t c = options_.heads.size(); c-- > 0;) {
      double widest = text_width(options_.heads[c], small_size);
      for (const Bar& b : bars_) widest = std::max(widest, text_width(b.columns[c], text_size));
      ends_[c] = right;
      right -= std::min(widest, 140.0) + column_gap;
    }
    double values = 0, names = 0;
    for (const Bar& b : bars_) {
      values = std::max(values, text_width(value_text(b), text_size));
      names = std::max(names, text_width(b.name, name_size));
    }
    names_ = std::min(names, 0.25 * options_.width);
    value_end_ = right;
    left_ = margin + names_ + column_gap;
    right_ = std::max(left_ + 60, right - values - column_gap);
  }

  double at(double value) const {
    return left_ + (right_ - left_) * (value - axis_.least) / (axis_.most - axis_.least);
  }

  void heading() {
    const double room = options_.width - 2 * margin;
    if (!options_.title.empty())
      svg_ +=
          svg_text(margin, margin + 17, 22, options_.title, room, "#000", " font-weight=\"bold\"");
    if (!options_.subtitle.empty())
      svg_ += svg_text(margin, top_ - 22 - 12, 15, options_.subtitle, room, "#444");
    for (std::size_t c = 0; c < ends_.size(); ++c)
      svg_ += svg_text(ends_[c], top_ - 4, small_size, options_.heads[c], 160, grey,
                       " text-anchor=\"end\"");
  }

  void grid(double foot) {
    for (double tick : axis_.ticks()) {
      svg_ += svg_line(at(tick), top_, at(tick), foot, pale_grey);
      svg_ += svg_text(at(tick), foot + 17, small_size, axis_.text(tick), 100, grey,
                       " text-anchor=\"middle\"");
    }
    svg_ += svg_text(left_, foot + 40, text_size, options_.axis, options_.width - left_ - margin);
    if (broken())
      svg_ += svg_text(left_, foot + 60, small_size,
                       "the axis runs from " + axis_.text(axis_.least) + " to " +
                           axis_.text(axis_.most) + ", not from 0",
                       options_.width - left_ - margin, grey);
  }

  void draw_bar(const Bar& b, double y) {
    svg_ +=
        svg_text(left_ - column_gap / 2 - 3, y + 5, name_size, b.name, names_ + 4, "#000",
                 std::string(" text-anchor=\"end\"") + (b.marked ? " font-weight=\"bold\"" : ""));
    const double zero = at(std::max(0.0, axis_.least)), end = at(b.mean);
    svg_ += svg_rect(std::min(zero, end), y - bar / 2, std::abs(end - zero), bar, class_colour(0),
                     std::string(" class=\"bar\"") + (b.marked ? "" : " fill-opacity=\"0.5\""));
    if (broken()) draw_break(y);
    for (std::size_t r = 0; r < b.runs.size(); ++r) draw_run(b.runs[r], r, y);
    if (b.deviation > 0) whisker(b, y);
    svg_ +=
        svg_text(value_end_, y + 5, text_size, value_text(b), 400, "#000",
                 std::string(" text-anchor=\"end\"") + (b.marked ? " font-weight=\"bold\"" : ""));
    for (std::size_t c = 0; c < ends_.size(); ++c)
      svg_ += svg_text(ends_[c], y + 5, text_size, b.columns[c], 160, grey, " text-anchor=\"end\"");
  }

  // Two slanted white lines across the foot of the bar.
  void draw_break(double y) {
    for (double x : {left_ + 6, left_ + 12})
      svg_ += svg_line(x - 3, y + bar / 2 + 2, x + 3, y - bar / 2 - 2, "#fff", 3);
  }

  // Under the bar, in a few lanes, so that equal runs are seen.
  void draw_run(double value, std::size_t number, double y) {
    constexpr double lanes[] = {0, 3, -3, 1.5, -1.5};
    svg_ += "<circle class=\"run\" cx=\"" + px(at(value)) + "\" cy=\"" +
            px(y + bar / 2 + 8 + lanes[number % std::size(lanes)]) + "\" r=\"" + px(run_radius) +
            "\" fill=\"#333\" fill-opacity=\"0.55\"/>\n";
  }

  void whisker(const Bar& b, double y) {
    const double from = at(b.mean - b.deviation), to = at(b.mean + b.deviation);
    svg_ += "<path class=\"whisker\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.5\" d=\"M" +
            px(from) + ' ' + px(y - 7) + 'V' + px(y + 7) + 'M' + px(from) + ' ' + px(y) + 'H' +
            px(to) + 'M' + px(to) + ' ' + px(y - 7) + 'V' + px(y + 7) + "\"/>\n";
  }

  const std::vector<Bar>& bars_;
  const BarChartOptions& options_;
  Axis axis_;
  std::vector<double> ends_;  // of the columns, their right sides
  double names_ = 0, left_ = 0, right_ = 0, value_end_ = 0, top_ = 0;
  std::string svg_;
};

void check_bar(const Bar& b, const BarChartOptions& options) {
  check(std::isfinite(b.mean) && std::isfinite(b.deviation) && b.deviation >= 0, ErrorCode::value,
        "bar chart: ", b.name, " has the mean ", b.mean, " and the deviation ", b.deviation,
        ", expected finite numbers");
  for (double value : b.runs)
    check(std::isfinite(value), ErrorCode::value, "bar chart: a run of ", b.name, " is ", value,
          ", expected a finite number");
  check(b.columns.size() == options.heads.size(), ErrorCode::shape, "bar chart: ", b.name, " has ",
        b.columns.size(), " columns, there are ", options.heads.size(), " heads");
}

}  // namespace

std::string bar_chart_svg(const std::vector<Bar>& bars, const BarChartOptions& options) {
  check(!bars.empty(), ErrorCode::value, "bar chart: there is no bar to draw");
  check(static_cast<Index>(bars.size()) <= most_bars, ErrorCode::limit, "bar chart: ", bars.size(),
        " bars, a chart shows at most ", most_bars);
  check(options.width >= 400 && options.width <= 10'000, ErrorCode::value, "bar chart: a width of ",
        options.width, ", expected 400 to 10,000");
  check(options.decimals >= 0 && options.decimals <= 6, ErrorCode::value,
        "bar chart: ", options.decimals, " decimals, expected 0 to 6");
  for (const Bar& b : bars) check_bar(b, options);
  return BarChart(bars, options).draw();
}

}  // namespace AGATE_NAMESPACE::explain
