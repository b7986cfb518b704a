#pragma once
// What training minimises.

#include <agate/models/model.hpp>
#include <agate/train/trainer.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// The mean loss of items: cross-entropy of classes, binary cross-entropy of labels and links,
/// squared error of numbers in units of their deviation.
class Objective {
 public:
  /// Of the training items named come the weights of classes (options.class_weight) and the
  /// deviations of numbers.
  Objective(const data::Dataset& dataset, std::span<const Index> training,
            const TrainOptions& options);
  /// Of the outputs for the items of `part`, which holds items of the dataset, those named.
  Var operator()(const Var& outputs, const data::Dataset& part, std::span<const Index> items) const;
  /// Tells a model that predicts numbers what its outputs stand for.
  void set_outputs(models::Model& model) const;

 private:
  std::vector<Real> factors_;  // of classes, labels, or the deviations of numbers; empty: all 1
  Real smoothing_;
  std::vector<Real> means_;  // of numbers
};

}  // namespace AGATE_NAMESPACE::train
