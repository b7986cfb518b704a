#include <agate/core/error.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace AGATE_NAMESPACE::train {
namespace {

/// The rows from the highest score to the lowest, NaN last.
std::vector<std::size_t> by_score(std::span<const double> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t i) { return std::isnan(scores[i]) ? -INFINITY : scores[i]; };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return rank(a) > rank(b); });
  return order;
}

/// Calls visit(how many with label 1, how many with label 0) for each group of equal scores, from
/// the highest to the lowest.
template <class Visit>
void for_ties(std::span<const double> scores, std::span<const bool> labels, Visit visit) {
  const auto order = by_score(scores);
  for (std::size_t at = 0; at < order.size();) {
    double ones = 0, zeros = 0;
    const double score = scores[order[at]];
    for (; at < order.size(); ++at) {
      const double other = scores[order[at]];
      if (other != score && !(std::isnan(other) && std::isnan(score))) break;
      (labels[order[at]] ? ones : zeros) += 1;
    }
    visit(ones, zeros);
  }
}

void check_sizes(const char* name, std::span<const double> scores, std::span<const bool> labels) {
  check(scores.size() == labels.size(), ErrorCode::shape, name, ": ", scores.size(), " scores for ",
        labels.size(), " labels");
}

}  // namespace

double roc_auc(std::span<const double> scores, std::span<const bool> labels) {
  check_sizes("roc_auc", scores, labels);
  const auto ones = static_cast<double>(std::ranges::count(labels, true));
  const double zeros = static_cast<double>(labels.size()) - ones;
  check(ones > 0 && zeros > 0, ErrorCode::value, "roc_auc: all ", labels.size(),
        " labels are the same, expected two kinds");
  double below = 0, won = 0;
  for_ties(scores, labels, [&](double tied_ones, double tied_zeros) {
    won += tied_ones * (zeros - below - tied_zeros / 2);
    below += tied_zeros;
  });
  return won / (ones * zeros);
}

double average_precision(std::span<const double> scores, std::span<const bool> labels) {
  check_sizes("average_precision", scores, labels);
  const auto ones = static_cast<double>(std::ranges::count(labels, true));
  check(ones > 0, ErrorCode::value, "average_precision: none of ", labels.size(), " labels is 1");
  double found = 0, told = 0, sum = 0;
  for_ties(scores, labels, [&](double tied_ones, double tied_zeros) {
    found += tied_ones;
    told += tied_ones + tied_zeros;
    sum += tied_ones / ones * (found / told);
  });
  return sum;
}

}  // namespace AGATE_NAMESPACE::train
