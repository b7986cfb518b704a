#pragma once
/// \file
/// Small images to be classified, as graphs of their pixels and as rows of pixels.

#include <agate/data/dataset.hpp>
#include <string>

namespace AGATE_NAMESPACE::data {

/// CSV without a header, .gz too: each line the height * width pixels of one image, row by row, and
/// its class, an integer. Each image becomes a graph, Graph::grid(height, width), whose nodes have
/// the features intensity (a fraction of the largest in the file), row and column (each from 0 to
/// 1). Classes are named by their numbers, ascending. Error(format) FILE:LINE for what is not a
/// number, a line of another length, a class that is no integer, and a file without lines;
/// Error(value) FILE:LINE for a negative pixel; Error(shape) unless height and width are positive.
Dataset read_images(const std::string& path, Index height, Index width);

/// The same items in the same order, each a graph of one node whose height * width features are the
/// intensities: for what a model of pixels without their neighbourhood reaches.
Dataset read_pixels(const std::string& path, Index height, Index width);

}  // namespace AGATE_NAMESPACE::data
