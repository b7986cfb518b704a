// Metrics against scikit-learn's and against the formulas of the Open Graph Benchmark.

#include <agate/train/metrics.hpp>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "catch.hpp"

using namespace agate;
using nlohmann::json;

namespace {

json golden(const char* kind) {
  std::ifstream file(AGATE_SOURCE_DIR "/tests/golden/metrics.json");
  return json::parse(file).at(kind);
}

std::vector<double> numbers(const json& one, const char* name) {
  return one.at(name).get<std::vector<double>>();
}

void check_equal(double ours, const json& theirs) {
  CHECK(std::abs(ours - theirs.get<double>()) < 1e-12);
}

std::vector<Index> all_rows(std::size_t n) {
  std::vector<Index> rows(n);
  std::iota(rows.begin(), rows.end(), Index{0});
  return rows;
}

void check_metrics(const json& one, const Tensor& logits, const data::Dataset& d) {
  for (const auto& name : train::metric_names())
    if (one.contains(name))
      check_equal(train::metric(name, logits, d, all_rows(logits.rows())), one[name]);
}

}  // namespace

TEST_CASE("roc_auc and average_precision are scikit-learn's") {
  for (const json& one : golden("binary")) {
    const auto scores = numbers(one, "scores"), ones = numbers(one, "labels");
    const auto labels = std::make_unique<bool[]>(ones.size());
    std::ranges::transform(ones, labels.get(), [](double l) { return l == 1; });
    const std::span<const bool> known(labels.get(), ones.size());
    check_equal(train::roc_auc(scores, known), one["roc_auc"]);
    check_equal(train::average_precision(scores, known), one["average_precision"]);
  }
}

TEST_CASE("the metrics of classes and of several labels are scikit-learn's") {
  for (const json& one : golden("classes")) {
    data::Dataset d;
    d.y = one["y"].get<std::vector<int>>();
    d.classes.resize(static_cast<std::size_t>(std::ranges::max(d.y)) + 1);
    Tensor logits = Tensor::zeros({std::ssize(d.y), std::ssize(d.classes)});
    for (Index i = 0; i < logits.rows(); ++i) logits.row(i)[one["predicted"][i].get<int>()] = 1;
    check_metrics(one, logits, d);
  }
  for (const json& one : golden("several")) {
    const auto y = one["y"].get<std::vector<std::vector<Real>>>(),
               logits = one["logits"].get<std::vector<std::vector<Real>>>();
    data::Dataset d;
    d.classes.resize(y[0].size());
    d.targets = Tensor::zeros({std::ssize(y), std::ssize(y[0])});
    Tensor told = Tensor::zeros(d.targets.shape());
    for (Index i = 0; i < told.rows(); ++i) {
      std::ranges::copy(y[i], d.targets.row(i));
      std::ranges::copy(logits[i], told.row(i));
    }
    check_metrics(one, told, d);
  }
}

TEST_CASE("hits_at_k and mean_reciprocal_rank are the Open Graph Benchmark's") {
  for (const json& one : golden("links")) {
    const auto positive = numbers(one, "positive"), negative = numbers(one, "negative");
    check_equal(train::hits_at_k(positive, negative, 1), one["hits_1"]);
    check_equal(train::hits_at_k(positive, negative, 10), one["hits_10"]);
    check_equal(train::hits_at_k(positive, negative, 50), one["hits_50"]);
    check_equal(train::mean_reciprocal_rank(positive, negative), one["mrr"]);
    check_equal(train::mean_reciprocal_rank(positive, numbers(one, "own_negative"), one["own"]),
                one["own_mrr"]);
  }
}

TEST_CASE("rmse, mae and r2 are scikit-learn's") {
  for (const json& one : golden("regression")) {
    auto predicted = numbers(one, "predicted"), known = numbers(one, "known");
    const auto check_all = [&] {
      check_equal(train::rmse(predicted, known), one["rmse"]);
      check_equal(train::mae(predicted, known), one["mae"]);
      check_equal(train::r2(predicted, known), one["r2"]);
    };
    check_all();
    predicted.push_back(3);
    known.push_back(std::nan(""));  // not known, does not count
    check_all();
  }
}

TEST_CASE("ranking metrics of links on worked examples") {
  using Scores = std::vector<double>;
  const Scores negative{5, 4, 3, 2};
  CHECK(train::hits_at_k(Scores{5, 4.5, 4, 1}, negative, 1) == 0);
  CHECK(train::hits_at_k(Scores{5, 4.5, 4, 1}, negative, 2) == 0.5);  // strictly above
  CHECK(train::hits_at_k(Scores{-9}, negative, 5) == 1);              // fewer than k
  CHECK(train::hits_at_k(Scores{NAN, 1}, Scores{NAN}, 1) == 0.5);
  // Above all: rank 1; tied with the first: (0 + 1) / 2 + 1; below all: 5.
  CHECK(train::mean_reciprocal_rank(Scores{6, 5, 0}, negative) == Approx((1 + 1 / 1.5 + 0.2) / 3));
  CHECK(train::mean_reciprocal_rank(Scores{6, 0}, negative, 2) == Approx((1 + 1.0 / 3) / 2));
  CHECK(train::mean_reciprocal_rank(Scores{NAN}, negative) == Approx(0.2));
  CHECK(train::mean_reciprocal_rank(Scores{1}, {}) == 1);
  CHECK(refusal([&] { train::hits_at_k({}, negative, 1); }).says("no positive scores"));
  CHECK(refusal([&] { train::hits_at_k(negative, negative, 0); }).says("k = 0"));
  CHECK(refusal([&] { train::mean_reciprocal_rank({}, negative); }).code == ErrorCode::value);
  const auto odd = refusal([&] { train::mean_reciprocal_rank(Scores{1, 2, 3}, negative, 2); });
  CHECK(odd.says("4 negative scores, expected 2 for each of 3 positive ones"));
  CHECK(odd.code == ErrorCode::shape);
}

TEST_CASE("regression metrics: what is refused, and NaN in is NaN out") {
  using Values = std::vector<double>;
  CHECK(refusal([] { train::rmse(Values{1}, Values{1, 2}); }).says("1 predictions for 2 values"));
  CHECK(refusal([] { train::mae({}, {}); }).says("none of 0 values is known"));
  CHECK(refusal([] { train::r2(Values{1, 2}, Values{3, 3}); }).says("all known values are 3"));
  CHECK(std::isnan(train::rmse(Values{NAN}, Values{1})));
  CHECK(train::r2(Values{1, 2}, Values{1, 2}) == 1);
}
