#include <agate/core/error.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <functional>

#include "train/ties.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

/// From the highest score to the lowest, NaN as the lowest.
std::vector<double> sorted(std::span<const double> scores) {
  std::vector<double> values(scores.size());
  std::ranges::transform(scores, values.begin(), without_nan);
  std::ranges::sort(values, std::greater<>());
  return values;
}

}  // namespace

double roc_auc(std::span<const double> scores, std::span<const bool> labels) {
  const auto ones = static_cast<double>(std::ranges::count(labels, true));
  const double zeros = static_cast<double>(labels.size()) - ones;
  check(ones > 0 && zeros > 0, ErrorCode::value, "roc_auc: all ", labels.size(),
        " labels are the same, expected two kinds");
  double below = 0, won = 0;
  for_ties("roc_auc", scores, labels, [&](double tied_ones, double tied_zeros) {
    won += tied_ones * (zeros - below - tied_zeros / 2);
    below += tied_zeros;
  });
  return won / (ones * zeros);
}

double average_precision(std::span<const double> scores, std::span<const bool> labels) {
  const auto ones = static_cast<double>(std::ranges::count(labels, true));
  check(ones > 0, ErrorCode::value, "average_precision: none of ", labels.size(), " labels is 1");
  double found = 0, told = 0, sum = 0;
  for_ties("average_precision", scores, labels, [&](double tied_ones, double tied_zeros) {
    found += tied_ones;
    told += tied_ones + tied_zeros;
    sum += tied_ones / ones * (found / told);
  });
  return sum;
}

double hits_at_k(std::span<const double> positive, std::span<const double> negative, Index k) {
  check(!positive.empty(), ErrorCode::value, "hits_at_k: no positive scores");
  check(k >= 1, ErrorCode::value, "hits_at_k: k = ", k, ", expected at least 1");
  if (std::ssize(negative) < k) return 1;
  const double bar = sorted(negative)[static_cast<std::size_t>(k) - 1];
  // NaN is above nothing.
  const auto hits = std::ranges::count_if(positive, [&](double score) { return score > bar; });
  return static_cast<double>(hits) / static_cast<double>(positive.size());
}

double mean_reciprocal_rank(std::span<const double> positive, std::span<const double> negative,
                            Index per_positive) {
  check(!positive.empty(), ErrorCode::value, "mean_reciprocal_rank: no positive scores");
  const bool fits =
      per_positive == 0 || (per_positive > 0 && std::ssize(negative) % per_positive == 0 &&
                            std::ssize(negative) / per_positive == std::ssize(positive));
  check(fits, ErrorCode::shape, "mean_reciprocal_rank: ", negative.size(),
        " negative scores, expected ", per_positive, " for each of ", positive.size(),
        " positive ones");
  std::vector<double> others;
  if (per_positive == 0) others = sorted(negative);
  double sum = 0;
  for (Index p = 0; p < std::ssize(positive); ++p) {
    if (per_positive > 0) others = sorted(negative.subspan(p * per_positive, per_positive));
    const auto ties = std::ranges::equal_range(others, without_nan(positive[p]), std::greater<>());
    const auto above = static_cast<double>(ties.begin() - others.begin());
    const auto not_below = static_cast<double>(ties.end() - others.begin());
    sum += 1 / (1 + (above + not_below) / 2);
  }
  return sum / static_cast<double>(positive.size());
}

}  // namespace AGATE_NAMESPACE::train
