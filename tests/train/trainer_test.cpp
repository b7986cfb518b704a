#include <agate/core/memory.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <cstdlib>
#include <cstring>

#include "catch.hpp"
#include "data_folder.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

struct Recipe {
  models::ModelConfig model;
  train::TrainOptions options;
};

Recipe recipe(const std::string& model, const std::string& preset, const data::Dataset& d) {
  Recipe r;
  r.model.model = model;
  train::apply_preset(preset, r.model, r.options);
  r.model.in = d.num_features();
  r.model.out = d.num_classes();
  r.options.epochs = 50;
  return r;
}

const data::SplitSpec thirds = data::RandomSplit{0.3, 0.3, 0.4};

bool same_weights(const models::Model& a, const models::Model& b) {
  const auto p = a.parameters(), q = b.parameters();
  for (std::size_t i = 0; i < p.size(); ++i) {
    const Tensor &x = p[i].second->value, &y = q[i].second->value;
    if (std::memcmp(x.data(), y.data(), sizeof(Real) * std::size_t(x.size())) != 0) return false;
  }
  return p.size() == q.size();
}

void check_threads(const data::Dataset& d, const std::string& model, const std::string& preset) {
  INFO(model << ", preset " << preset << " on " << d.name);
  Recipe r = recipe(model, preset, d);
  r.options.stop = "none";
  r.options.epochs = preset == "deep" ? 5 : 50;
  const auto split = data::make_split(d, thirds, 3);
  std::unique_ptr<models::Model> first;
  for (Index threads : {1, 2, 3, 4, 8}) {
    r.options.threads = threads;
    auto trained = models::make_model(r.model, 3);
    train::fit(*trained, d, split, r.options, 3);
    if (!first)
      first = std::move(trained);
    else
      CHECK(same_weights(*first, *trained));
  }
}

}  // namespace

TEST_CASE("50 epochs give the same bits with any number of threads") {
  const auto d = data::load("polblogs", {.shipped = AGATE_SOURCE_DIR "/datasets", .data_dir = {}});
  check_threads(d.dataset, "gat", "default");
  check_threads(planted(700), "gat", "paper");
  check_threads(planted(700), "gcn", "paper");
  check_threads(planted(700), "mlp", "default");
  for (const char* model : {"gat", "gatv2", "transformer_conv", "supergat", "gcn", "sage", "gin"})
    check_threads(planted(700), model, "deep");
  check_threads(planted(700), "gatv2", "default");
  check_threads(planted(700), "transformer_conv", "default");
  check_threads(planted(700), "agnn", "default");
  check_threads(planted(700), "supergat", "default");
  for (const char* model : {"dense_gat", "dense_transformer", "rfa", "gps"})
    check_threads(planted(60), model, "default");
}

TEST_CASE("50 epochs on Cora give the same bits with any number of threads") {
  const char* folder = data_folder();
  if (!folder) return;
  const auto d = data::load("cora", {.shipped = AGATE_SOURCE_DIR "/datasets", .data_dir = folder});
  check_threads(d.dataset, "gat", "paper");
}

TEST_CASE("attention learns what the neighbours tell") {
  const auto d = planted(400);
  const auto split = data::make_split(d, thirds, 1);
  auto accuracy = [&](const std::string& name) {
    Recipe r = recipe(name, "default", d);
    r.options.epochs = 200;
    auto model = models::make_model(r.model, 1);
    return train::fit(*model, d, split, r.options, 1).test.metric;
  };
  const double gat = accuracy("gat"), gcn = accuracy("gcn"), mlp = accuracy("mlp");
  CHECK(gat > 0.85);
  CHECK(gcn > 0.85);
  CHECK(mlp < 0.8);
}

TEST_CASE("every model learns, deep stacks too") {
  const auto d = planted(400);
  const auto split = data::make_split(d, thirds, 1);
  for (const char* model : {"gatv2", "transformer_conv", "supergat", "sage", "gin"})
    for (const char* preset : {"default", "deep"}) {
      INFO(model << " " << preset);
      Recipe r = recipe(model, preset, d);
      r.model.layers = std::min<Index>(r.model.layers, 4);
      r.options.epochs = 150;
      auto network = models::make_model(r.model, 1);
      CHECK(train::fit(*network, d, split, r.options, 1).test.metric > 0.8);
    }
}

TEST_CASE("models of blocks learn, those that see the graph more than the other") {
  const auto d = planted(200);
  const auto split = data::make_split(d, thirds, 1);
  auto accuracy = [&](const std::string& name, const std::string& local) {
    Recipe r = recipe(name, "default", d);
    r.model.local = local;
    r.options.epochs = name == "agnn" ? 150 : 40;
    auto model = models::make_model(r.model, 1);
    return train::fit(*model, d, split, r.options, 1).test.metric;
  };
  CHECK(accuracy("agnn", "gcn") > 0.75);
  CHECK(accuracy("gps", "gcn") > 0.75);
  CHECK(accuracy("gps", "gat") > 0.75);
  const double blind = accuracy("dense_transformer", "gcn");
  CHECK(blind > 0.5);
  CHECK(blind < 0.8);
}

TEST_CASE("the loss that layers add to a pass is trained on") {
  const auto d = planted();
  const auto split = data::make_split(d, thirds, 1);
  auto first_loss = [&](double weight) {
    Recipe r = recipe("supergat", "default", d);
    r.model.edge_loss = weight;
    r.options.epochs = 1;
    auto model = models::make_model(r.model, 1);
    return train::fit(*model, d, split, r.options, 1).history[0].train_loss;
  };
  const double without = first_loss(0), once = first_loss(1), twice = first_loss(2);
  CHECK(once > without);
  CHECK(twice - without == Approx(2 * (once - without)).epsilon(0.2));

  Tape tape({.training = true});
  const Var x = tape.variable(Tensor::from({2}, {1, 2}));
  CHECK(tape.added_losses().empty());
  tape.add_loss(sum(x));
  REQUIRE(tape.added_losses().size() == 1);
  CHECK(tape.added_losses()[0].value().item() == 3);
  CHECK(refusal([&] { tape.add_loss(x); }).says("an added loss of shape 2"));
  tape.reset();
  CHECK(tape.added_losses().empty());
}

TEST_CASE("several labels for each node are learned, and those not known left out") {
  auto d = planted(400);
  const auto split = data::make_split(d, thirds, 1);
  const auto known = d.y;
  const auto count = d.num_classes();
  d.targets = Tensor::zeros({d.num_nodes(), count});
  Random random(2);
  for (Index i = 0; i < d.num_nodes(); ++i)
    for (Index c = 0; c < count; ++c)
      d.targets.row(i)[c] = random.uniform() < 0.2 ? std::nan("") : Real(known[i] == c);
  d.y.clear();
  Recipe r = recipe("gat", "default", d);
  r.options.epochs = 150;
  auto model = models::make_model(r.model, 1);
  const auto result = train::fit(*model, d, split, r.options, 1);
  CHECK(result.test.metric > 0.9);
  CHECK(result.test.metrics.at("roc_auc") == result.test.metric);
}

TEST_CASE("validation now and then") {
  const auto d = planted();
  Recipe r = recipe("gcn", "default", d);
  r.options.epochs = 20;
  r.options.eval_every = 7;
  auto model = models::make_model(r.model, 1);
  const auto result = train::fit(*model, d, data::make_split(d, thirds, 1), r.options, 1);
  CHECK((result.best_epoch == 7 || result.best_epoch == 14 || result.best_epoch == 20));
}

TEST_CASE("steady training steps ask the system for nothing large") {
  const auto d = data::load("polblogs", {.shipped = AGATE_SOURCE_DIR "/datasets", .data_dir = {}});
  for (const char* preset : {"default", "paper"}) {
    Recipe r = recipe("gat", preset, d.dataset);
    auto model = models::make_model(r.model, 1);
    std::size_t after_two = 0, at_the_end = 0;
    train::fit(*model, d.dataset, data::make_split(d.dataset, thirds, 1), r.options, 1,
               [&](const train::EpochReport& report) {
                 if (report.epoch == 2) after_two = large_system_allocations();
                 at_the_end = large_system_allocations();
                 return report.epoch < 20;
               });
    CHECK(after_two > 0);
    CHECK(at_the_end == after_two);
  }
}

TEST_CASE("the callback stops training and the best weights so far are kept") {
  const auto d = planted();
  Recipe r = recipe("gat", "default", d);
  auto model = models::make_model(r.model, 1);
  const auto result = train::fit(*model, d, data::make_split(d, thirds, 1), r.options, 1,
                                 [](const train::EpochReport& report) { return report.epoch < 7; });
  CHECK(result.interrupted);
  CHECK(result.epochs == 7);
  CHECK(result.history.size() == 7);
  CHECK(result.best_epoch >= 1);
  CHECK(result.val.metric == result.history[std::size_t(result.best_epoch - 1)].val_metric);
}

TEST_CASE("training refuses what cannot work") {
  auto d = planted();
  Recipe r = recipe("gcn", "default", d);
  auto fit = [&](const data::Split& split) {
    auto model = models::make_model(r.model, 1);
    return train::fit(*model, d, split, r.options, 1);
  };
  CHECK(refusal([&] { fit({{}, {1}, {2}}); }).says("no training nodes"));
  CHECK(refusal([&] { fit({{0, 1}, {}, {2}}); }).says("needs validation nodes"));
  r.options.stop = "none";
  CHECK(fit({{0, 1}, {}, {2}}).epochs == 50);
  r.options.stop = "lowest";
  CHECK(refusal([&] { fit({{0, 1}, {2}, {3}}); }).code == ErrorCode::usage);
  r.options.stop = "none";
  std::get<Tensor>(d.x).fill(Real(1e38));
  const Refusal diverged = refusal([&] { fit({{0, 1}, {2}, {3}}); });
  CHECK(diverged.code == ErrorCode::diverged);
  CHECK(diverged.says("epoch 1"));
}
