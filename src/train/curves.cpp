#include <agate/core/error.hpp>
#include <agate/train/curves.hpp>
#include <agate/train/metrics.hpp>

#include "train/ties.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

// How many of either label score at least each threshold, as it falls.
struct Falling {
  std::vector<double> ones, zeros;
};

Falling count(const char* name, std::span<const double> scores, std::span<const bool> labels) {
  Falling found{{0}, {0}};
  for_ties(name, scores, labels, [&](double ones, double zeros) {
    found.ones.push_back(found.ones.back() + ones);
    found.zeros.push_back(found.zeros.back() + zeros);
  });
  return found;
}

Curve thinned(const Curve& curve, Index most) {
  const Index n = std::ssize(curve.x);
  if (n <= most) return curve;
  Curve some;
  for (Index k = 0; k < most; ++k) {
    const Index at = k * (n - 1) / (most - 1);
    some.x.push_back(curve.x[at]);
    some.y.push_back(curve.y[at]);
  }
  return some;
}

}  // namespace

Curve roc_curve(std::span<const double> scores, std::span<const bool> labels, Index most) {
  const auto [ones, zeros] = count("roc_curve", scores, labels);
  check(ones.back() > 0 && zeros.back() > 0, ErrorCode::value,
        "roc_curve: both labels must occur, there are ", ones.back(), " of 1 and ", zeros.back(),
        " of 0");
  Curve curve;
  for (std::size_t k = 0; k < ones.size(); ++k) {
    curve.x.push_back(zeros[k] / zeros.back());
    curve.y.push_back(ones[k] / ones.back());
  }
  return thinned(curve, most);
}

Curve precision_recall_curve(std::span<const double> scores, std::span<const bool> labels,
                             Index most) {
  const auto [ones, zeros] = count("precision_recall_curve", scores, labels);
  check(ones.back() > 0, ErrorCode::value, "precision_recall_curve: no label is 1");
  Curve curve;
  for (std::size_t k = 1; k < ones.size(); ++k) {
    curve.x.push_back(ones[k] / ones.back());
    curve.y.push_back(ones[k] / (ones[k] + zeros[k]));
  }
  return thinned(curve, most);
}

Confusion confusion(const Tensor& outputs, const data::Dataset& dataset,
                    std::span<const Index> items) {
  check(dataset.targets.empty(), ErrorCode::unsupported, "confusion: the items of ", dataset.name,
        " have no classes");
  const std::size_t n = dataset.classes.size();
  Confusion found{std::vector(n, std::vector<Index>(n)), std::vector<Confusion::Class>(n)};
  const auto predicted = predicted_classes(outputs);
  for (const Index i : items)
    if (predicted[i] >= 0) ++found.counts[dataset.y[i]][predicted[i]];
  const auto share = [](Index part, Index of) {
    return of > 0 ? static_cast<double>(part) / static_cast<double>(of) : 0;
  };
  for (std::size_t c = 0; c < n; ++c) {
    Index told = 0;
    auto& one = found.classes[c];
    for (std::size_t other = 0; other < n; ++other) {
      told += found.counts[other][c];
      one.support += found.counts[c][other];
    }
    const Index both = found.counts[c][c];
    one.precision = share(both, told);
    one.recall = share(both, one.support);
    one.f1 = share(2 * both, told + one.support);
  }
  return found;
}

}  // namespace AGATE_NAMESPACE::train
