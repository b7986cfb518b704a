#include "train/objective.hpp"

#include <agate/tensor/losses.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

/// n / (classes * n_c): every class weighs as much as any other, a row 1 on average.
std::vector<Real> balanced_classes(const data::Dataset& d, std::span<const Index> items) {
  std::vector<double> counts(d.classes.size(), 0);
  for (Index i : items) ++counts[static_cast<std::size_t>(d.y[static_cast<std::size_t>(i)])];
  std::vector<Real> weights;
  for (double count : counts)
    weights.push_back(
        static_cast<Real>(static_cast<double>(items.size()) /
                          (static_cast<double>(counts.size()) * std::max(1.0, count))));
  return weights;
}

/// How many zeros there are for a one, for each label.
std::vector<Real> balanced_labels(const data::Dataset& d, std::span<const Index> items) {
  std::vector<Real> weights;
  for (Index c = 0; c < d.targets.cols(); ++c) {
    double ones = 0, zeros = 0;
    for (Index i : items) {
      ones += d.targets.row(i)[c] == 1;
      zeros += d.targets.row(i)[c] == 0;
    }
    weights.push_back(ones > 0 && zeros > 0 ? static_cast<Real>(zeros / ones) : Real(1));
  }
  return weights;
}

}  // namespace

Objective::Objective(const data::Dataset& d, std::span<const Index> training,
                     const TrainOptions& options)
    : smoothing_(static_cast<Real>(options.label_smoothing)) {
  if (d.regression) {
    for (Index c = 0; c < d.targets.cols(); ++c) {
      double sum = 0, squares = 0, count = 0;
      for (Index i : training) {
        const double t = d.targets.row(i)[c];
        if (std::isnan(t)) continue;
        sum += t, squares += t * t, ++count;
      }
      const double mean = count > 0 ? sum / count : 0;
      const double variance = count > 0 ? squares / count - mean * mean : 0;
      means_.push_back(static_cast<Real>(mean));
      factors_.push_back(
          variance > 1e-24 * (1 + mean * mean) ? static_cast<Real>(std::sqrt(variance)) : 1);
    }
  } else if (options.class_weight == "balanced") {
    factors_ = d.targets.empty() ? balanced_classes(d, training) : balanced_labels(d, training);
  }
}

Var Objective::operator()(const Var& outputs, const data::Dataset& part,
                          std::span<const Index> items) const {
  if (part.regression) return mean_squared_error(outputs, part.targets, items, factors_);
  return part.targets.empty()
             ? cross_entropy(outputs, part.y, items, factors_, smoothing_)
             : binary_cross_entropy_with_logits(outputs, part.targets, items, factors_);
}

void Objective::set_outputs(models::Model& model) const {
  for (std::size_t c = 0; c < means_.size(); ++c) {
    model.output_shift.value.data()[c] = means_[c];
    model.output_scale.value.data()[c] = factors_[c];
  }
}

}  // namespace AGATE_NAMESPACE::train
