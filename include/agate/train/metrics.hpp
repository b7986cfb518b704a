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

/// Hits at k of links: the share of the positive scores strictly above the k-th highest negative
/// one; 1 with fewer than k negatives (as the Open Graph Benchmark has it, Hu et al. 2020). NaN
/// scores rank below all others. Error(value) without a positive score or for k below 1.
double hits_at_k(std::span<const double> positive, std::span<const double> negative, Index k);
/// The mean over the positive scores of 1 / rank among its negatives, where rank = 1 + the mean of
/// (how many negatives are above) and (how many are not below). With per_positive = 0 all negatives
/// are those of every positive; otherwise positive p has the negatives p * per_positive ..
/// (p + 1) * per_positive - 1 (as in the Open Graph Benchmark). NaN scores rank below all others.
/// Error(value) without a positive score, Error(shape) unless each has its negatives.
double mean_reciprocal_rank(std::span<const double> positive, std::span<const double> negative,
                            Index per_positive = 0);

/// Of values predicted, over those whose known value is not NaN: the square root of the mean
/// squared error. NaN where a prediction for a known value is. Error(shape) for sizes that differ.
double rmse(std::span<const double> predicted, std::span<const double> known);
/// The mean absolute error, otherwise as rmse().
double mae(std::span<const double> predicted, std::span<const double> known);
/// 1 - (sum of squared errors) / (sum of squared deviations from the mean), otherwise as rmse().
/// Error(value) where all known values are the same.
double r2(std::span<const double> predicted, std::span<const double> known);

/// The metrics by name; but for rmse and mae higher is better:
///   classes: accuracy; micro_f1 (= accuracy); macro_f1; roc_auc and average_precision of
///     the margin of class 1 for two classes, their mean over one class against the rest for more;
///   multi-label: accuracy and micro_f1 over all cells (a logit above 0 says 1); macro_f1, roc_auc
///     and average_precision as means over the labels of which both values are known.
///   links: roc_auc, average_precision; hits@20, hits@50, hits@100 and mrr, of the links against
///   all
///     pairs without a link among the rows named;
///   numbers: rmse, mae, r2, the mean over several columns.
const std::vector<std::string>& metric_names();
/// Those that fit what is predicted of the dataset.
const std::vector<std::string>& metrics_of(const data::Dataset& dataset);
bool is_of_numbers(const std::string& name);  ///< rmse, mae, r2: no shares
/// rmse and mae.
bool lower_is_better(const std::string& name);

/// Metric `name` of the outputs for the items named, whose labels are known. Error(usage) for an
/// unknown name and for one that does not fit the dataset.
double metric(const std::string& name, const Tensor& outputs, const data::Dataset& dataset,
              std::span<const Index> rows);

/// One of several labels.
struct LabelScore {
  Index known = 0, ones = 0;                  ///< among the items named
  double roc_auc = 0, average_precision = 0;  ///< NaN unless both values are known
};
/// Of each column of a dataset whose items carry several labels.
std::vector<LabelScore> label_scores(const Tensor& outputs, const data::Dataset& dataset,
                                     std::span<const Index> rows);

/// The mean of -log softmax(logits)(i, y[i]) over the rows named.
double cross_entropy_value(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows);

}  // namespace AGATE_NAMESPACE::train
