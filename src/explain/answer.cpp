#include "explain/answer.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::explain {

double answer(const data::Dataset& d, const Real* row, Index outputs, Index c, Real* slope) {
  if (slope) std::fill_n(slope, outputs, Real(0)), slope[c] = 1;
  const bool classes = d.targets.empty() && !d.regression;
  if (!classes || outputs == 1) return row[c];
  // Log-odds: the logit against the logarithm of the sum of the others.
  double most = -INFINITY, sum = 0;
  for (Index k = 0; k < outputs; ++k)
    if (k != c) most = std::max<double>(most, row[k]);
  for (Index k = 0; k < outputs; ++k)
    if (k != c) sum += std::exp(row[k] - most);
  if (slope)
    for (Index k = 0; k < outputs; ++k)
      if (k != c) slope[k] = static_cast<Real>(-std::exp(row[k] - most) / sum);
  return row[c] - most - std::log(sum);
}

double on_scale(const data::Dataset& d, double y) {
  return d.regression ? y : 1 / (1 + std::exp(-y));
}

void check_method(const std::string& method, const std::vector<std::string>& known) {
  check(std::ranges::find(known, method) != known.end(), ErrorCode::usage, "attribution: method \"",
        method, "\" is not known", suggestion(method, known));
}

}  // namespace AGATE_NAMESPACE::explain
