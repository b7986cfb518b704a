#include <agate/core/error.hpp>
#include <agate/train/metrics.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

/// The mean of term(predicted, known) over what is known.
template <class Term>
double mean(const char* name, std::span<const double> predicted, std::span<const double> known,
            Term term) {
  check(predicted.size() == known.size(), ErrorCode::shape, name, ": ", predicted.size(),
        " predictions for ", known.size(), " values");
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (std::isnan(known[i])) continue;
    sum += term(predicted[i], known[i]);
    ++count;
  }
  check(count > 0, ErrorCode::value, name, ": none of ", known.size(), " values is known");
  return sum / count;
}

double squared_error(double a, double b) { return (a - b) * (a - b); }

}  // namespace

double rmse(std::span<const double> predicted, std::span<const double> known) {
  return std::sqrt(mean("rmse", predicted, known, squared_error));
}

double mae(std::span<const double> predicted, std::span<const double> known) {
  return mean("mae", predicted, known, [](double a, double b) { return std::abs(a - b); });
}

double r2(std::span<const double> predicted, std::span<const double> known) {
  const double error = mean("r2", predicted, known, squared_error);
  const double middle = mean("r2", known, known, [](double, double value) { return value; });
  const double spread =
      mean("r2", known, known, [&](double, double value) { return squared_error(value, middle); });
  check(spread > 0, ErrorCode::value, "r2: all known values are ", middle,
        ", expected different ones");
  return 1 - error / spread;
}

}  // namespace AGATE_NAMESPACE::train
