// Calibration: against logits whose true probabilities are known.
#include <agate/train/calibration.hpp>
#include <agate/train/metrics.hpp>
#include <agate/train/trainer.hpp>
#include <cmath>
#include <numeric>

#include "catch.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

constexpr Index item_count = 20'000;

std::vector<Index> all_items(Index n) {
  std::vector<Index> items(static_cast<std::size_t>(n));
  std::iota(items.begin(), items.end(), Index{0});
  return items;
}

std::unique_ptr<models::Model> model_of(Index outputs) {
  return models::make_model({.model = "mlp", .in = 1, .out = outputs, .calibrate = true}, 0);
}

Real rescaled(const models::Model& model, Real logit, Index c) {
  return model.output_scale.value.data()[c] * logit + model.output_shift.value.data()[c];
}

}  // namespace

TEST_CASE("calibrate finds the scale and the shift that logits of labels are off by") {
  Random random(3);
  data::Dataset d{.name = "labels", .graph = Graph::from_edges(item_count, {}, {})};
  d.classes = {"overconfident", "hardly known", "all the same"};
  d.targets = Tensor::full({item_count, 3}, std::nanf(""));
  Tensor outputs = Tensor::zeros({item_count, 3});
  for (Index i = 0; i < item_count; ++i) {
    const double logit = 4 * random.uniform() - 2;
    d.targets.row(i)[0] = random.uniform() < 1 / (1 + std::exp(-logit));
    outputs.row(i)[0] = static_cast<Real>(3 * logit + 1);
    outputs.row(i)[1] = outputs.row(i)[2] = static_cast<Real>(logit);
    d.targets.row(i)[2] = 1;
  }
  for (Index i = 0; i < 3; ++i) d.targets.row(i)[1] = i == 0;
  const auto items = all_items(item_count);
  const auto model = model_of(3);
  train::calibrate(*model, outputs, d, items);
  const Real* scale = model->output_scale.value.data();
  const Real* shift = model->output_shift.value.data();
  CHECK(scale[0] == Approx(1.0 / 3).margin(0.02));
  CHECK(shift[0] == Approx(-1.0 / 3).margin(0.05));
  // Three answers move little, however well they fit.
  CHECK(scale[1] > 0.5);
  CHECK(scale[1] < 2);
  CHECK(scale[2] == 1);
  CHECK(shift[2] == 0);

  data::Dataset first = d;
  first.classes = {"overconfident"};
  first.targets = Tensor::zeros({item_count, 1});
  Tensor before = Tensor::zeros({item_count, 1}), after = before.clone();
  for (Index i = 0; i < item_count; ++i) {
    *first.targets.row(i) = d.targets.row(i)[0];
    *before.row(i) = outputs.row(i)[0];
    *after.row(i) = rescaled(*model, *before.row(i), 0);
  }
  CHECK(train::reliability(before, first, items).error > 0.1);
  CHECK(train::reliability(after, first, items).error < 0.02);
  CHECK(train::metric("roc_auc", after, first, items) ==
        Approx(train::metric("roc_auc", before, first, items)).margin(1e-6));
}

TEST_CASE("calibrate finds the temperature of classes") {
  Random random(4);
  data::Dataset d{.name = "classes", .graph = Graph::from_edges(item_count, {}, {})};
  d.classes = {"a", "b", "c"};
  Tensor outputs = Tensor::zeros({item_count, 3});
  for (Index i = 0; i < item_count; ++i) {
    double weights[3], sum = 0;
    for (int c = 0; c < 3; ++c) {
      const double logit = 4 * random.uniform();
      sum += weights[c] = std::exp(logit);
      outputs.row(i)[c] = static_cast<Real>(2.5 * logit);
    }
    const double at = random.uniform() * sum;
    d.y.push_back(at < weights[0] ? 0 : at < weights[0] + weights[1] ? 1 : 2);
  }
  const auto model = model_of(3);
  train::calibrate(*model, outputs, d, all_items(item_count));
  for (int c = 0; c < 3; ++c) {
    CHECK(model->output_scale.value.data()[c] == Approx(1 / 2.5).margin(0.02));
    CHECK(model->output_shift.value.data()[c] == 0);
  }
}

TEST_CASE("reliability puts probabilities beside what came of them") {
  data::Dataset d{.name = "four", .graph = Graph::from_edges(4, {}, {})};
  d.classes = {"yes"};
  d.targets = Tensor::zeros({4, 1});
  *d.targets.row(0) = *d.targets.row(1) = 1;
  *d.targets.row(3) = std::nanf("");
  Tensor outputs = Tensor::zeros({4, 1});
  const Real logit = static_cast<Real>(std::log(0.9 / 0.1));
  *outputs.row(0) = *outputs.row(2) = *outputs.row(3) = logit;
  *outputs.row(1) = -logit;
  const auto r = train::reliability(outputs, d, all_items(4), 2);
  REQUIRE(r.bins.size() == 2);
  CHECK(r.bins[0].count == 1);
  CHECK(r.bins[0].predicted == Approx(0.1));
  CHECK(r.bins[0].observed == 1);
  CHECK(r.bins[1].count == 2);
  CHECK(r.bins[1].predicted == Approx(0.9));
  CHECK(r.bins[1].observed == 0.5);
  CHECK(r.error == Approx((0.9 + 0.8) / 3));
  d.regression = true;
  CHECK_THROWS_WITH(train::reliability(outputs, d, all_items(4)),
                    Catch::Contains("numbers are predicted"));
}

TEST_CASE("a model that calibrates is fitted on the validation part, without a change of rank") {
  const auto d = planted();
  const auto split = data::make_split(d, data::RandomSplit{0.3, 0.3, 0.4}, 1);
  models::ModelConfig config{.model = "gcn", .in = d.num_features(), .out = d.num_classes()};
  const train::TrainOptions options{.epochs = 40};
  const auto plain = models::make_model(config, 1);
  config.calibrate = true;
  const auto calibrated = models::make_model(config, 1);
  const auto before = train::fit(*plain, d, split, options, 1);
  const auto after = train::fit(*calibrated, d, split, options, 1);
  CHECK_FALSE(before.reliability);
  REQUIRE(after.reliability);
  CHECK(after.test.metric == before.test.metric);
  CHECK(after.raw_reliability->error ==
        train::reliability(plain->predict(d.graph, d.x), d, split.test).error);
  CHECK(after.reliability->error ==
        train::reliability(calibrated->predict(d.graph, d.x), d, split.test).error);
  CHECK(after.val.loss <= before.val.loss);
  train::TrainOptions blind{.epochs = 2, .stop = "none"};
  CHECK_THROWS_WITH(train::fit(*calibrated, d, {split.train, {}, split.test}, blind, 1),
                    Catch::Contains("calibrate fits to the validation nodes"));
}
