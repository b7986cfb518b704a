#pragma once
/// \file
/// How good predictions are. Labels are classes (one per row, -1 = not known) or, for multi-label
/// tasks, a tensor of 0, 1 and NaN (= not known); only known labels count. All throw Error(value)
/// when nothing known is named.

#include <agate/data/dataset.hpp>
#include <agate/tensor/tensor.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// The class with the largest logit of each row; the lowest of equals; -1 for a row with NaN.
std::vector<int> predicted_classes(const Tensor& logits);

/// The share of the rows named whose predicted class is y. Error(value) when none is named.
double accuracy(const Tensor& logits, std::span<const int> y, std::span<const Index> rows);

/// The mean over the classes that occur in y of 2 TP / (2 TP + FP + FN), over the rows named.
double macro_f1(const Tensor& logits, std::span<const int> y, std::span<const Index> rows);

/// Area under the ROC curve: the chance that a row with label 1 scores above one with label 0, ties
/// counted half. NaN scores rank below all others. Error(value) unless both labels occur.
double roc_auc(std::span<const double> scores, std::span<const bool> labels);
/// Area under the precision-recall curve by steps (sklearn's average_precision_score). Error(value)
/// when no label is 1.
double average_precision(std::span<const double> scores, std::span<const bool> labels);

/// The metrics by name, all fractions, higher is better:
///   classes: accuracy; micro_f1 (= accuracy); macro_f1; roc_auc and average_precision of the
///   margin
///     of class 1 for two classes, their mean over one class against the rest for more;
///   multi-label: accuracy and micro_f1 over all cells (a logit above 0 says 1); macro_f1, roc_auc
///     and average_precision as means over the labels of which both values are known.
const std::vector<std::string>& metric_names();

/// Metric `name` of logits for the rows named. Error(usage) for an unknown name.
double metric(const std::string& name, const Tensor& logits, const data::Dataset& dataset,
              std::span<const Index> rows);

/// The mean of -log softmax(logits)(i, y[i]) over the rows named.
double cross_entropy_value(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows);

}  // namespace AGATE_NAMESPACE::train
