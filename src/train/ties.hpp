#pragma once
// Scores from the highest to the lowest, the equal ones together: what every metric and curve on
// rankings walks along. NaN counts as minus infinity.

#include <agate/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

inline double without_nan(double score) { return std::isnan(score) ? -INFINITY : score; }

/// Calls visit(how many with label 1, how many with label 0) for each group of equal scores, from
/// the highest to the lowest. Error(shape), which begins with `name`, for other than one label of
/// each score.
template <class Visit>
void for_ties(const char* name, std::span<const double> scores, std::span<const bool> labels,
              Visit visit) {
  check(scores.size() == labels.size(), ErrorCode::shape, name, ": ", scores.size(), " scores for ",
        labels.size(), " labels");
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto score = [&](std::size_t i) { return without_nan(scores[i]); };
  std::ranges::sort(order, std::greater<>(), score);
  for (std::size_t at = 0; at < order.size();) {
    double ones = 0, zeros = 0;
    const double tied = score(order[at]);
    for (; at < order.size() && score(order[at]) == tied; ++at)
      (labels[order[at]] ? ones : zeros) += 1;
    visit(ones, zeros);
  }
}

}  // namespace AGATE_NAMESPACE::train
