#pragma once
/// \file
/// A chart of lines, as SVG: how something grows or falls.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// One line: y over x, as many of one as of the other.
struct Line {
  std::string name;
  std::vector<double> x, y;
  std::vector<double> deviation{};  ///< drawn as whiskers; empty: none
};

/// Texts, axes and size of a line chart.
struct LineChartOptions {
  std::string title{}, x_title{}, y_title{};
  bool dots = true;                 ///< one for each entry
  bool log_x = true, log_y = true;  ///< axes in powers of ten (x: of two, when all x are)
  int width = 720, height = 440;    ///< pixels, each 200 to 10,000
};

/// A standalone SVG document: axes that say their scale, a line with dots for each entry, named at
/// its end. The same input gives the same text. Error(value) when nothing is to be drawn, for a
/// number that is not finite, and for one that is not positive on a logarithmic axis; Error(shape)
/// when the parts of a line are not of one length.
std::string line_chart_svg(const std::vector<Line>& lines, const LineChartOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
