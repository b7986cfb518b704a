#pragma once
/// \file
/// Probabilities that mean what they say: of a hundred items told 0.8, eighty are so.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Probabilities beside what came of them.
struct Reliability {
  /// The answers whose probability lies in one part of 0 to 1.
  struct Bin {
    Index count = 0;
    double predicted = 0;  ///< the mean probability
    double observed = 0;   ///< the share for which it came true
  };
  std::vector<Bin> bins;  ///< of equal width, from 0 to 1
  /// Expected calibration error (Naeini, Cooper, Hauskrecht 2015): the mean over all answers of
  /// |predicted - observed| of their bin.
  double error = 0;
};

/// Of outputs (items x outputs, logits) for the items named. Of several labels and of links each
/// known cell is an answer, told by its probability; of classes each item, told by the probability
/// of the predicted class, which comes true where that is the known one. Error(value) without a
/// known answer, Error(unsupported) for numbers, which have no probabilities.
Reliability reliability(const Tensor& outputs, const data::Dataset& dataset,
                        std::span<const Index> items, int bins = 10);

/// Rescales the outputs of a model whose configuration says `calibrate`, by what is known of the
/// items named, which it was not trained on; `outputs` are its own for all items. Each label
/// becomes scale * logit + shift (Platt 1999, with his targets (n1 + 1) / (n1 + 2) and 1 / (n0 +
/// 2)), all classes share a scale (temperature, Guo et al. 2017); the scale is above 0, so that no
/// ranking changes, and held to 1 by a prior of deviation 1 of its logarithm, so that a few items
/// do not decide all. A label of which not both values are known stays as it is. Error(usage)
/// unless the configuration says `calibrate`, Error(unsupported) for numbers.
void calibrate(models::Model& model, const Tensor& outputs, const data::Dataset& dataset,
               std::span<const Index> items);

}  // namespace AGATE_NAMESPACE::train
