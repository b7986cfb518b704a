#pragma once
/// \file
/// A chart of results, one bar for each: means, deviations and single runs, as SVG.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// One result: a mean, how far its runs lie from it, and what is written beside it.
struct Bar {
  std::string name;
  double mean = 0, deviation = 0;
  std::vector<double> runs{};          ///< a dot for each; the deviation counts from two on
  std::vector<std::string> columns{};  ///< what stands beside it, one text for each head
  bool marked = false;                 ///< drawn in full colour, the others paler
};

/// Texts and size of a bar chart.
struct BarChartOptions {
  std::string title = {}, subtitle = {};
  std::string axis = {};                ///< what the axis shows, such as "test accuracy, %"
  std::vector<std::string> heads = {};  ///< of the columns beside the bars
  int decimals = 1;                     ///< of the numbers beside the bars, 0 to 6
  int width = 960;                      ///< pixels, 400 to 10,000
};

/// What a chart can show.
constexpr Index most_bars = 200;

/// A standalone SVG document, also fit to stand inside HTML: horizontal bars of the means in the
/// order given, whiskers of one deviation each way, the runs as dots, "81.5 +- 0.7" and the columns
/// beside them. The axis starts at 0 unless all values lie close together far from it; then the
/// bars are drawn broken at their foot and a note says where the axis starts.
///
/// The same input gives the same text; texts are escaped and cut to the room there is. Error(value)
/// without bars, for numbers that are not finite or options out of range; Error(limit) for more
/// than most_bars; Error(shape) when a bar has another number of columns than there are heads.
std::string bar_chart_svg(const std::vector<Bar>& bars, const BarChartOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
