#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/train/curves.hpp>
#include <agate/train/metrics.hpp>
#include <memory>

#include "catch.hpp"

using namespace agate;

namespace {

double area(const train::Curve& c) {
  double sum = 0;
  for (std::size_t k = 1; k < c.x.size(); ++k)
    sum += (c.x[k] - c.x[k - 1]) * (c.y[k] + c.y[k - 1]) / 2;
  return sum;
}

struct Scored {
  std::vector<double> scores;
  std::unique_ptr<bool[]> labels;
  std::span<const bool> truth() const { return {labels.get(), scores.size()}; }
};

// With ties.
Scored scored(Index n) {
  Random random(3);
  Scored s{{}, std::make_unique<bool[]>(static_cast<std::size_t>(n))};
  for (Index i = 0; i < n; ++i) {
    s.labels[i] = random.below(3) == 0;
    s.scores.push_back(static_cast<double>(random.below(10) + (s.labels[i] ? 3 : 0)));
  }
  return s;
}

}  // namespace

TEST_CASE("the area under the ROC curve is what the metric says") {
  const auto s = scored(500);
  const auto curve = train::roc_curve(s.scores, s.truth());
  CHECK(curve.x.front() == 0);
  CHECK(curve.y.front() == 0);
  CHECK(curve.x.back() == 1);
  CHECK(curve.y.back() == 1);
  CHECK(area(curve) == Approx(train::roc_auc(s.scores, s.truth())).margin(1e-12));
}

TEST_CASE("a score that is not a number is the lowest in curves as in metrics") {
  auto s = scored(100);
  for (std::size_t i = 0; i < 100; i += 3) s.scores[i] = NAN;
  CHECK(area(train::roc_curve(s.scores, s.truth())) ==
        Approx(train::roc_auc(s.scores, s.truth())).margin(1e-12));
}

TEST_CASE("precision by steps of recall sums to the average precision") {
  const auto s = scored(300);
  const auto curve = train::precision_recall_curve(s.scores, s.truth());
  double sum = 0, before = 0;
  for (std::size_t k = 0; k < curve.x.size(); ++k) {
    sum += (curve.x[k] - before) * curve.y[k];
    before = curve.x[k];
  }
  CHECK(sum == Approx(train::average_precision(s.scores, s.truth())).margin(1e-12));
  CHECK(curve.x.back() == 1);
}

TEST_CASE("curves are thinned, and refuse what has no curve") {
  std::vector<double> scores;
  auto labels = std::make_unique<bool[]>(1000);
  for (int i = 0; i < 1000; ++i) {
    scores.push_back(i);
    labels[i] = i % 2 == 0;
  }
  const std::span<const bool> truth(labels.get(), 1000);
  const auto curve = train::roc_curve(scores, truth, 50);
  CHECK(curve.x.size() == 50);
  CHECK(curve.x.back() == 1);
  const bool ones[] = {true, true};
  CHECK_THROWS_AS(train::roc_curve(std::vector<double>{1, 2}, ones), Error);
  const bool zeros[] = {false, false};
  CHECK_THROWS_AS(train::precision_recall_curve(std::vector<double>{1, 2}, zeros), Error);
  CHECK_THROWS_AS(train::roc_curve(std::vector<double>{1}, ones), Error);
}

TEST_CASE("a confusion matrix counts which class is taken for which") {
  data::Dataset d{.name = "five"};
  d.graph = Graph::from_edges(5, {});
  d.classes = {"a", "b"};
  d.y = {0, 0, 1, 1, -1};
  const Tensor outputs = Tensor::from({5, 2}, {2, 1, 0, 1, 0, 1, 0, 1, 1, 0});
  const std::vector<Index> items{0, 1, 2, 3};
  const auto found = train::confusion(outputs, d, items);
  CHECK(found.counts == std::vector<std::vector<Index>>{{1, 1}, {0, 2}});
  CHECK(found.classes[0].precision == 1);
  CHECK(found.classes[0].recall == 0.5);
  CHECK(found.classes[1].precision == Approx(2.0 / 3));
  CHECK(found.classes[1].support == 2);
  d.targets = Tensor::zeros({5, 2});
  CHECK_THROWS_AS(train::confusion(outputs, d, items), Error);
}
