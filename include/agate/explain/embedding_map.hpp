#pragma once
/// \file
/// Maps of representations: many dimensions on a plane.

#include <agate/tensor/tensor.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// The rows of x (rows x columns) along their `dimensions` directions of largest variance, largest
/// first, around their mean; the largest coordinate of each direction is positive. Fewer columns
/// than that: the rest is zero. Error(value) for NaN, infinity, or no rows.
Tensor principal_components(const Tensor& x, Index dimensions);

/// How tsne() looks for its map.
struct TsneOptions {
  double perplexity = 30;  ///< how many neighbours count; fewer where there are few rows
  Index iterations = 400;
  int threads = 0;  ///< 0: all
};

constexpr Index most_tsne_rows = 5'000;  ///< what tsne() can take

/// t-SNE (van der Maaten and Hinton, JMLR 2008), exact, from the first 50 principal components, and
/// started from the first two: rows x 2, the same for the same rows and any number of threads. Time
/// and memory grow with the square of the rows. Error(limit) for more than most_tsne_rows.
Tensor tsne(const Tensor& x, const TsneOptions& options = {});

/// Colours, texts and size of a picture of points.
struct ScatterOptions {
  std::vector<int> classes = {};         ///< of each point, -1 = grey; empty: all alike
  std::vector<std::string> names = {};   ///< of the classes, for the legend
  std::vector<std::string> labels = {};  ///< of each point, shown under the pointer
  std::vector<bool> ringed = {};         ///< points to ring
  std::string title = {}, subtitle = {};
  int width = 900, height = 760;  ///< pixels, each 200 to 10,000
};

/// The points (rows x 2) as dots, as a standalone SVG document with a legend of the classes; what
/// the axes count has no meaning, so there are none. Texts are escaped. Error(shape) when the parts
/// do not fit each other, Error(value) without points, for NaN and for a side out of range,
/// Error(limit) for more than 50,000 points.
std::string scatter_svg(const Tensor& points, const ScatterOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
