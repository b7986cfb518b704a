#pragma once
/// \file
/// What lies behind the numbers of metrics.hpp: curves and tables of scored items.

#include <agate/data/dataset.hpp>
#include <agate/tensor/tensor.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Points from left to right.
struct Curve {
  std::vector<double> x, y;
};

/// The share of the items with label 0 (x) and with label 1 (y) that score at least a threshold, as
/// it falls: from (0, 0) to (1, 1), ties in one step. At most `most` points, evenly spread, the
/// first and last among them. Error(value) unless both labels occur, Error(shape) for as many of
/// one as of the other.
Curve roc_curve(std::span<const double> scores, std::span<const bool> labels, Index most = 200);

/// Recall (x) and precision (y) of the same thresholds, from the highest score on. Error(value)
/// when no label is 1.
Curve precision_recall_curve(std::span<const double> scores, std::span<const bool> labels,
                             Index most = 200);

/// Which classes are taken for which.
struct Confusion {
  /// How well one class is found.
  struct Class {
    double precision = 0, recall = 0, f1 = 0;
    Index support = 0;  ///< items of the class
  };
  std::vector<std::vector<Index>> counts;  ///< [known][predicted]
  std::vector<Class> classes;
};

/// Of the items named, whose classes are known; rows with NaN count as no class. Error(unsupported)
/// where items have several labels or numbers.
Confusion confusion(const Tensor& outputs, const data::Dataset& dataset,
                    std::span<const Index> items);

}  // namespace AGATE_NAMESPACE::train
