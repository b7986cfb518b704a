#include <agate/core/error.hpp>
#include <agate/explain/heat_map.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "explain/axis.hpp"
#include "explain/palette.hpp"
#include "explain/svg.hpp"
#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double axis_label_size = 11, title_size = 15, panel_gap = 36;
constexpr double label_room = 130, legend_width = 240, legend_height = 12;
constexpr Index most_told_cells = 10'000;
constexpr const char* empty = "#e4e4e4";

std::string value_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

// Of every k-th label can be read: 1, 2, 5, 10, ... times `cell` holds a line of text.
Index label_step(double cell) {
  Index power = 1;
  for (;; power *= 10)
    for (Index step : {power, 2 * power, 5 * power})
      if (static_cast<double>(step) * cell >= axis_label_size - 1) return step;
}

// The room that the longest label takes.
double room_for(const std::vector<std::string>& labels) {
  double widest = 0;
  for (const std::string& label : labels)
    widest = std::max(widest, text_width(label, axis_label_size));
  return std::min(widest, label_room);
}

// Where the parts of one panel stand, from its upper left corner.
struct Frame {
  explicit Frame(const HeatPanel& panel)
      : rows(panel.values.rows()),
        columns(panel.values.cols()),
        valued(columns <= most_valued_columns) {
    const double side = static_cast<double>(std::max(rows, columns));
    cell = valued ? 38 : std::floor(std::clamp(560 / side, 1.0, 16.0));
    height_of_cell = valued ? 26 : cell;
    left = room_for(panel.row_labels) + 24;
    title_width = std::min(1.1 * text_width(panel.title, title_size), 320.0);
    top = room_for(panel.column_labels) + (panel.title.empty() ? 26 : 50);
  }
  double right() const { return x(columns); }  // of the cells
  double width() const { return std::max(right(), left + title_width); }
  double height() const { return y(rows); }
  double x(Index column) const { return left + cell * static_cast<double>(column); }
  double y(Index row) const { return top + height_of_cell * static_cast<double>(row); }

  Index rows, columns;
  bool valued;
  double cell, height_of_cell, left, top, title_width;
};

struct ColourScale {
  double least, most;
  Axis axis;  // of the legend
  double share(double value) const {
    return std::clamp((value - least) / (most - least), 0.0, 1.0);
  }
};

ColourScale scale_of(const std::vector<HeatPanel>& panels, const HeatMapOptions& options) {
  double least = 0, most = -std::numeric_limits<double>::infinity();
  for (const HeatPanel& panel : panels)
    for (const Real v : panel.values.values())
      if (std::isfinite(v)) {
        least = std::min(least, static_cast<double>(v));
        most = std::max(most, static_cast<double>(v));
      }
  least = options.least.value_or(least);
  most = options.most.value_or(std::max(least, most));
  const bool given = options.least && options.most;
  check(std::isfinite(least) && std::isfinite(most) && (given ? least < most : least <= most),
        ErrorCode::value, "heat map: a scale from ", least, " to ", most, ", expected to rise");
  const Axis axis = round_axis(least, most, 4);
  return {options.least.value_or(axis.least), options.most.value_or(axis.most), axis};
}

// That are drawn.
Index count_cells(const std::vector<HeatPanel>& panels) {
  Index cells = 0;
  for (const HeatPanel& panel : panels)
    cells += std::ranges::count_if(panel.values.values(), [](Real v) { return !std::isnan(v); });
  return cells;
}

class HeatMap {
 public:
  HeatMap(const std::vector<HeatPanel>& panels, const HeatMapOptions& options)
      : panels_(panels), options_(options), scale_(scale_of(panels, options)) {
    for (const HeatPanel& panel : panels) frames_.emplace_back(panel);
    told_ = count_cells(panels) <= most_told_cells;
  }

  std::string draw() {
    double top = margin;
    if (!options_.title.empty()) top += 32;
    if (!options_.subtitle.empty()) top += 24;
    const double legend_top = top;
    place_panels(top + 62);
    const std::string heading = options_.title.empty() ? options_.legend : options_.title;
    svg_ = svg_start(width_, height_, heading);
    const double room = width_ - 2 * margin;
    if (!options_.title.empty())
      svg_ +=
          svg_text(margin, margin + 17, 22, options_.title, room, "#000", " font-weight=\"bold\"");
    if (!options_.subtitle.empty())
      svg_ += svg_text(margin, legend_top - 9, 15, options_.subtitle, room, "#444");
    legend(legend_top + 6);
    for (std::size_t p = 0; p < panels_.size(); ++p) draw_panel(p);
    return svg_ + "</svg>\n";
  }

 private:
  struct Corner {
    double x, y;
  };

  // In lines, as many side by side as the width takes.
  void place_panels(double top) {
    double x = margin, line_height = 0;
    width_ = 2 * margin + legend_width + 240;
    for (const Frame& frame : frames_) {
      if (x > margin && x + frame.width() > options_.width - margin) {
        x = margin;
        top += line_height + panel_gap;
        line_height = 0;
      }
      corners_.push_back({x, top});
      x += frame.width() + panel_gap;
      line_height = std::max(line_height, frame.height());
      width_ = std::max(width_, x - panel_gap + margin);
    }
    height_ = top + line_height + margin;
  }

  bool has_missing() const {
    return std::ranges::any_of(
        panels_, [](const HeatPanel& panel) { return count_cells({panel}) < panel.values.size(); });
  }

  void legend(double top) {
    constexpr int steps = 60;
    const double width = legend_width / steps;
    // Half a pixel wider than they are apart, so that no seams show.
    for (int k = 0; k < steps; ++k)
      svg_ += svg_rect(margin + k * width, top, width + (k + 1 < steps ? 0.5 : 0), legend_height,
                       scale_colour((k + 0.5) / steps));
    const Axis& axis = scale_.axis;
    const auto ticks = axis.ticks();
    for (std::size_t k = 0; k<ticks.size(); k += ticks.size()> 6 ? 2 : 1) {
      if (ticks[k] < scale_.least - 1e-9 * axis.step || ticks[k] > scale_.most + 1e-9 * axis.step)
        continue;
      const double x = margin + legend_width * scale_.share(ticks[k]);
      svg_ += svg_line(x, top + legend_height, x, top + legend_height + 4, "#000");
      svg_ += svg_text(x, top + legend_height + 16, small_size, axis.text(ticks[k]), 100, "#000",
                       " text-anchor=\"middle\"");
    }
    double x = margin + legend_width + 16;
    svg_ += svg_text(x, top + 10, text_size, options_.legend, 110);
    if (!has_missing()) return;
    x += std::min(110.0, text_width(options_.legend, text_size)) + 20;
    svg_ += svg_rect(x, top, 14, legend_height, empty);
    svg_ += svg_text(x + 20, top + 10, text_size, options_.missing, width_ - x - margin - 20);
  }

  void draw_panel(std::size_t p) {
    const HeatPanel& panel = panels_[p];
    const Frame& f = frames_[p];
    svg_ += "<g transform=\"translate(" + px(corners_[p].x) + ' ' + px(corners_[p].y) + ")\">\n";
    if (!panel.title.empty())
      svg_ += svg_text(f.left, 14, title_size, panel.title, f.width() - f.left, "#000",
                       " font-weight=\"bold\"");
    sides(panel, f);
    svg_ += svg_rect(f.left, f.top, f.right() - f.left, f.height() - f.top, empty);
    svg_ += "<g shape-rendering=\"crispEdges\">\n";
    for (Index i = 0; i < f.rows; ++i)
      for (Index j = 0; j < f.columns; ++j)
        if (!std::isnan(panel.values.row(i)[j])) draw_cell(panel, f, i, j);
    svg_ += "</g>\n</g>\n";
  }

  // What rows and columns are, and their labels.
  void sides(const HeatPanel& panel, const Frame& f) {
    const double middle = (f.top + f.height()) / 2;
    svg_ += svg_text(10, middle, small_size, options_.rows, f.height() - f.top + 40, grey,
                     " text-anchor=\"middle\" transform=\"rotate(-90 10 " + px(middle) + ")\"");
    svg_ += svg_text((f.left + f.right()) / 2, panel.title.empty() ? 10 : 34, small_size,
                     options_.columns, f.right() - f.left + 40, grey, " text-anchor=\"middle\"");
    const Index row_step = label_step(f.height_of_cell), column_step = label_step(f.cell);
    if (!panel.row_labels.empty())
      for (Index i = 0; i < f.rows; i += row_step)
        svg_ += svg_text(f.left - 5, f.y(i) + f.height_of_cell / 2 + 4, axis_label_size,
                         panel.row_labels[static_cast<std::size_t>(i)], label_room, "#000",
                         " text-anchor=\"end\"");
    if (panel.column_labels.empty()) return;
    for (Index j = 0; j < f.columns; j += column_step) {
      const std::string x = px(f.x(j) + f.cell / 2 + 4), y = px(f.top - 5);
      svg_ += svg_text(f.x(j) + f.cell / 2 + 4, f.top - 5, axis_label_size,
                       panel.column_labels[static_cast<std::size_t>(j)], label_room, "#000",
                       " transform=\"rotate(-90 " + x + ' ' + y + ")\"");
    }
  }

  void draw_cell(const HeatPanel& panel, const Frame& f, Index i, Index j) {
    const auto value = static_cast<double>(panel.values.row(i)[j]);
    const double share = scale_.share(value);
    std::string inner;
    if (told_)
      inner = "<title>" +
              xml_text(name_of(panel.row_labels, i) + ", " + name_of(panel.column_labels, j) +
                       ": " + value_text(value)) +
              "</title>";
    // Small cells without a rim, large ones a pixel apart.
    const double rim = f.cell >= 6 ? 1 : 0;
    svg_ += svg_rect(f.x(j), f.y(i), f.cell - rim, f.height_of_cell - rim, scale_colour(share),
                     " class=\"cell\"", inner);
    if (f.valued)
      svg_ += svg_text(f.x(j) + (f.cell - 1) / 2, f.y(i) + f.height_of_cell / 2 + 3.5, 10.5,
                       cell_text(value), f.cell + 8, text_colour_on_scale(share),
                       " text-anchor=\"middle\" pointer-events=\"none\"");
  }

  static std::string name_of(const std::vector<std::string>& labels, Index i) {
    return labels.empty() ? std::to_string(i) : shortened(labels[static_cast<std::size_t>(i)], 60);
  }

  // At most five characters: 0.37, 12.5, 137, 1e-05.
  static std::string cell_text(double value) {
    const double size = std::abs(value);
    const char* format = "%.0e";
    if (value == 0 || (size >= 100 && size < 1e4))
      format = "%.0f";
    else if (size >= 0.005 && size < 100)
      format = size < 10 ? "%.2f" : "%.1f";
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
  }

  const std::vector<HeatPanel>& panels_;
  const HeatMapOptions& options_;
  ColourScale scale_;
  std::vector<Frame> frames_;
  std::vector<Corner> corners_;
  double width_ = 0, height_ = 0;
  bool told_ = false;
  std::string svg_;
};

void check_panel(const HeatPanel& panel, std::size_t number) {
  const Index rows = panel.values.rows(), columns = panel.values.cols();
  check(panel.values.size() > 0, ErrorCode::value, "heat map: panel ", number, " is ",
        panel.values.shape().to_string(), ", there is nothing to draw");
  check(rows <= most_heat_map_rows && columns <= most_heat_map_rows, ErrorCode::limit,
        "heat map: panel ", number, " is ", rows, " x ", columns, ", a picture shows at most ",
        with_commas(most_heat_map_rows), " rows and columns");
  const auto fits = [](const std::vector<std::string>& labels, Index count) {
    return labels.empty() || static_cast<Index>(labels.size()) == count;
  };
  check(fits(panel.row_labels, rows), ErrorCode::shape, "heat map: panel ", number, " has ", rows,
        " rows and ", panel.row_labels.size(), " labels for them");
  check(fits(panel.column_labels, columns), ErrorCode::shape, "heat map: panel ", number, " has ",
        columns, " columns and ", panel.column_labels.size(), " labels for them");
}

}  // namespace

std::string heat_map_svg(const std::vector<HeatPanel>& panels, const HeatMapOptions& options) {
  check(!panels.empty(), ErrorCode::value, "heat map: there is no matrix to draw");
  check(options.width >= 400 && options.width <= 10'000, ErrorCode::value, "heat map: a width of ",
        options.width, ", expected 400 to 10,000");
  for (std::size_t p = 0; p < panels.size(); ++p) check_panel(panels[p], p);
  const Index cells = count_cells(panels);
  check(cells <= most_heat_map_cells, ErrorCode::limit, "heat map: ", with_commas(cells),
        " cells, a picture shows at most ", with_commas(most_heat_map_cells));
  return HeatMap(panels, options).draw();
}

}  // namespace AGATE_NAMESPACE::explain
