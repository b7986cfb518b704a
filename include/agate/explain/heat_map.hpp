#pragma once
/// \file
/// Matrices of attention as coloured cells, as SVG.

#include <agate/tensor/tensor.hpp>
#include <optional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// One matrix: a row for each query, a column for each key.
struct HeatPanel {
  Tensor values;  ///< rows x columns; NaN: there is nothing to show
  std::vector<std::string> row_labels{}, column_labels{};  ///< empty: none
  std::string title{};
};

/// Texts, scale and size of a heat map.
struct HeatMapOptions {
  std::string title = {}, subtitle = {};
  std::string rows = "query", columns = "key";  ///< what rows and columns are
  std::string legend = "attention";             ///< what the colours mean
  std::string missing = "no value";             ///< what NaN means
  std::optional<double> least = {}, most = {};  ///< of the scale; otherwise round numbers around
                                                ///< 0, the lowest and the highest value
  int width = 1400;  ///< panels stand side by side up to so many pixels, then below; 400 to 10,000
};

/// What a picture can show: rows or columns of one panel, and in all cells that are not NaN.
constexpr Index most_heat_map_rows = 2'000;
/// Cells that are not NaN, of all panels together.
constexpr Index most_heat_map_cells = 250'000;
/// Up to so many columns each cell carries its value.
constexpr Index most_valued_columns = 20;

/// A standalone SVG document, also fit to stand inside HTML: every panel under its title with the
/// labels of the rows at the left and of the columns above, turned; all with one scale, viridis
/// (van der Walt & Smith 2015: even steps to the eye, also of colour-blind people, and in grey),
/// shown as legend. Values outside the scale take the colour of its end; NaN leaves the grey of the
/// panel. Where labels are too many to be read, every second, fifth, ... one is written; in a
/// viewer every cell of at most 10,000 says row, column and value under the pointer.
///
/// The same input gives the same text; texts are escaped, long labels cut. Error(value) without a
/// panel, for a panel without cells, a scale that does not rise or a width out of range;
/// Error(shape) for labels that are not as many as rows or columns; Error(limit) beyond the limits
/// above.
std::string heat_map_svg(const std::vector<HeatPanel>& panels, const HeatMapOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
