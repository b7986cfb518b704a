#include <agate/core/random.hpp>
#include <agate/train/metrics.hpp>
#include <cmath>

#include "catch.hpp"

using namespace agate;

namespace {

// The share of pairs (one of each kind) that the scores put in order, ties counted half.
double auc_by_pairs(const std::vector<double>& scores, const std::vector<char>& labels) {
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    for (std::size_t j = 0; j < scores.size(); ++j)
      if (labels[i] && !labels[j]) {
        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        ++pairs;
      }
  return won / pairs;
}

template <class Metric>
double apply(Metric metric, const std::vector<double>& scores, const std::vector<char>& labels) {
  const auto flags = std::make_unique<bool[]>(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) flags[i] = labels[i] != 0;
  return metric(std::span<const double>(scores), std::span<const bool>(flags.get(), labels.size()));
}

data::Dataset classes(std::vector<int> y, int count) {
  data::Dataset d;
  d.y = std::move(y);
  for (int c = 0; c < count; ++c) d.classes.push_back(std::to_string(c));
  return d;
}

}  // namespace

TEST_CASE("accuracy and macro-F1 on a worked example") {
  const Tensor logits = Tensor::from({5, 3}, {2, 1, 0, 0, 3, 1, 1, 1, 0, 0, 1, 2, 5, 0, 0});
  CHECK(train::predicted_classes(logits) == std::vector<int>{0, 1, 0, 2, 0});
  const std::vector<int> y{0, 1, 1, 2, -1};
  const std::vector<Index> rows{0, 1, 2, 3};
  CHECK(train::accuracy(logits, y, rows) == Approx(0.75));
  // Class 0: 2/3, class 1: 2/3, class 2: 1.
  CHECK(train::macro_f1(logits, y, rows) == Approx((2.0 / 3 + 2.0 / 3 + 1) / 3));
  CHECK(refusal([&] { train::accuracy(logits, y, {}); }).says("no rows"));
  const Tensor bad = Tensor::from({1, 2}, {1, NAN});
  CHECK(train::predicted_classes(bad) == std::vector<int>{-1});
}

TEST_CASE("ROC-AUC is the share of pairs in order") {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> scores;
    std::vector<char> labels;
    for (int i = 0; i < 60; ++i) {
      scores.push_back(static_cast<double>(random.below(trial < 10 ? 7 : 1000)));  // few: many ties
      labels.push_back(random.uniform() < 0.3);
    }
    labels[0] = 1;
    labels[1] = 0;
    CHECK(apply(train::roc_auc, scores, labels) == Approx(auc_by_pairs(scores, labels)));
  }
  CHECK(apply(train::roc_auc, {1, 2, 3, 4}, {0, 0, 1, 1}) == 1);
  CHECK(apply(train::roc_auc, {4, 3, 2, 1}, {0, 0, 1, 1}) == 0);
  CHECK(apply(train::roc_auc, {NAN, 1}, {1, 0}) == 0);
  CHECK(refusal([&] { apply(train::roc_auc, {1, 2}, {1, 1}); }).says("all 2 labels are the same"));
}

TEST_CASE("average precision on worked examples") {
  // Found at ranks 1 and 3: (1/1 + 2/3) / 2.
  CHECK(apply(train::average_precision, {9, 8, 7, 6}, {1, 0, 1, 0}) == Approx((1 + 2.0 / 3) / 2));
  // All tied: the share of ones.
  CHECK(apply(train::average_precision, {5, 5, 5, 5}, {1, 0, 0, 0}) == Approx(0.25));
  CHECK(refusal([&] { apply(train::average_precision, {1}, {0}); }).says("none of 1 labels is 1"));
}

TEST_CASE("metrics of two classes rank by the margin") {
  const auto d = classes({0, 0, 1, 1}, 2);
  // Margins of class 1: -1, 1, 0, 3.
  const Tensor logits = Tensor::from({4, 2}, {1, 0, 5, 6, 2, 2, 0, 3});
  const std::vector<Index> rows{0, 1, 2, 3};
  CHECK(train::metric("roc_auc", logits, d, rows) == Approx(0.75));
  CHECK(train::metric("accuracy", logits, d, rows) == Approx(0.5));
  CHECK(train::metric("micro_f1", logits, d, rows) == train::metric("accuracy", logits, d, rows));
  CHECK(refusal([&] { train::metric("auc", logits, d, rows); }).says("roc_auc"));
}

TEST_CASE("more than two classes: the mean of one against the rest") {
  const auto d = classes({0, 1, 2, 0}, 3);
  const Tensor sure = Tensor::from({4, 3}, {9, 0, 0, 0, 9, 0, 0, 0, 9, 9, 0, 0});
  const std::vector<Index> rows{0, 1, 2, 3};
  CHECK(train::metric("roc_auc", sure, d, rows) == 1);
}

TEST_CASE("multi-label metrics skip what is not known") {
  data::Dataset d;
  d.classes = {"a", "b"};
  const Real unknown = std::nan("");
  d.targets = Tensor::from({4, 2}, {1, unknown, 0, 1, 1, unknown, 0, unknown});
  const Tensor logits = Tensor::from({4, 2}, {2, -5, -1, 3, -2, 5, -3, 5});
  const std::vector<Index> rows{0, 1, 2, 3};
  // Cells: a: right, right, wrong, right; b: right.
  CHECK(train::metric("accuracy", logits, d, rows) == Approx(4.0 / 5));
  // TP 2, FN 1, FP 0.
  CHECK(train::metric("micro_f1", logits, d, rows) == Approx(4.0 / 5));
  // Of b only one value is known: a alone counts; its ones score 2 and -2, its zeros -1 and -3.
  CHECK(train::metric("roc_auc", logits, d, rows) == Approx(0.75));
  CHECK(train::metric("macro_f1", logits, d, rows) == Approx(2.0 / 3));
}
