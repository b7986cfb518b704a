#include <agate/core/error.hpp>
#include <agate/data/images.hpp>
#include <agate/graph/grid.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "data/number_rows.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr double most_class = 1e9;

/// The file and the classes that it names.
struct Images {
  NumberRows<double> table;
  Index pixels;
  double largest = 0;
  std::vector<Index> labels{}, distinct{};

  Real intensity(Index image, Index pixel) const {
    return largest > 0 ? static_cast<Real>(table.at(image, pixel) / largest) : 0;
  }
};

Images read(const std::string& path, Index height, Index width) {
  check(height > 0 && width > 0, ErrorCode::shape, path, ": read as images of ", height, " x ",
        width, " pixels, expected at least 1 x 1");
  Images images{read_number_rows(path), checked_product(height, width, "pixels of an image")};
  const auto& table = images.table;
  check(table.rows > 0, ErrorCode::format, path, ": is empty, expected images");
  check(table.columns - 1 == images.pixels, ErrorCode::format, table.place(0), ": ", table.columns,
        " numbers, expected the ", height, " x ", width, " pixels of an image and its class");
  for (Index i = 0; i < table.rows; ++i) {
    for (Index p = 0; p < images.pixels; ++p) {
      if (table.at(i, p) < 0)
        fail(ErrorCode::value, table.place(i), ": the pixel ", table.at(i, p), " is negative");
      images.largest = std::max(images.largest, table.at(i, p));
    }
    const double label = table.at(i, images.pixels);
    if (label != std::floor(label) || std::abs(label) > most_class)
      fail(ErrorCode::format, table.place(i), ": the class ", label, " is no integer up to ",
           most_class);
    images.labels.push_back(static_cast<Index>(label));
  }
  images.distinct = images.labels;
  std::ranges::sort(images.distinct);
  images.distinct.erase(std::ranges::unique(images.distinct).begin(), images.distinct.end());
  return images;
}

/// What both forms have in common: images to be classified, each a graph of so many nodes.
Dataset classified(const Images& images, Index nodes_each) {
  Dataset dataset;
  dataset.name = std::filesystem::path(images.table.path).filename().string();
  dataset.name.resize(std::min(dataset.name.size(), dataset.name.find('.')));
  dataset.task = Task::graph;
  for (Index i = 0; i <= images.table.rows; ++i) dataset.graph_offsets.push_back(i * nodes_each);
  for (const Index label : images.labels)
    dataset.y.push_back(static_cast<int>(std::ranges::lower_bound(images.distinct, label) -
                                         images.distinct.begin()));
  for (const Index label : images.distinct) dataset.classes.push_back(std::to_string(label));
  return dataset;
}

/// Where k of n lies between 0 and 1.
Real fraction(Index k, Index n) {
  return n > 1 ? static_cast<Real>(k) / static_cast<Real>(n - 1) : 0;
}

}  // namespace

Dataset read_images(const std::string& path, Index height, Index width) {
  const Images images = read(path, height, width);
  const Index count = images.table.rows, pixels = images.pixels;
  Dataset dataset = classified(images, pixels);
  const auto grid = grid_edges(height, width);
  std::vector<Edge> edges;
  edges.reserve(grid.size() * static_cast<std::size_t>(count));
  Tensor x = Tensor::uninitialized({count * pixels, 3});
  for (Index i = 0; i < count; ++i) {
    const Index first = i * pixels;
    for (const Edge edge : grid)
      edges.push_back(
          {static_cast<NodeId>(first + edge.source), static_cast<NodeId>(first + edge.target)});
    for (Index p = 0; p < pixels; ++p) {
      Real* row = x.row(first + p);
      row[0] = images.intensity(i, p);
      row[1] = fraction(p / width, height);
      row[2] = fraction(p % width, width);
    }
  }
  dataset.graph = Graph::from_edges(count * pixels, edges, {.undirected = true});
  dataset.x = std::move(x);
  validate(dataset);
  return dataset;
}

Dataset read_pixels(const std::string& path, Index height, Index width) {
  const Images images = read(path, height, width);
  Dataset dataset = classified(images, 1);
  dataset.graph = Graph::from_edges(images.table.rows, {}, {.undirected = true});
  Tensor x = Tensor::uninitialized({images.table.rows, images.pixels});
  for (Index i = 0; i < x.rows(); ++i)
    for (Index p = 0; p < x.cols(); ++p) x.row(i)[p] = images.intensity(i, p);
  dataset.x = std::move(x);
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
