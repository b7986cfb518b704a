#include <agate/core/error.hpp>
#include <agate/data/split.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/predict.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "progress.hpp"
#include "results.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

// Found out now rather than after an hour.
void check_outputs(const RunOptions& run) {
  for (const std::string& path : {run.save, run.out, run.json, run.picture})
    if (!path.empty()) agate::io::check_writable(path);
}

struct Best {
  std::shared_ptr<agate::models::Model> model;
  Run run;
  // By validation alone: the higher metric, of equals the lower loss.
  bool beaten_by(const Run& other) const {
    const auto &mine = run.fit.val, &its = other.fit.val;
    return !model || its.metric > mine.metric ||
           (its.metric == mine.metric && its.loss < mine.loss);
  }
};

std::string training_summary(const Settings& s, const std::string& split, const Run& run) {
  return nlohmann::ordered_json{{"preset", s.run.preset},
                                {"split", split},
                                {"seed", run.seed},
                                {"fold", run.fold},
                                {"best_epoch", run.fit.best_epoch},
                                {"epochs", run.fit.epochs},
                                {"metric", s.train.metric},
                                {"val", run.fit.val.metric},
                                {"test", run.fit.test.metric}}
      .dump();
}

void announce(const Settings& s, const agate::data::Dataset& d, const std::string& split) {
  if (s.run.quiet) return;
  std::fprintf(stderr, "%s: %lld nodes, %lld edges, %lld features, %d classes; split %s\n",
               d.name.c_str(), static_cast<long long>(d.num_nodes()),
               static_cast<long long>(d.graph.num_edges()),
               static_cast<long long>(d.num_features()), d.num_classes(), split.c_str());
}

// What took longest to make is written first.
void write_outputs(const Settings& s, const agate::data::LoadedDataset& loaded, const Best& best,
                   const Results& results) {
  const auto& dataset = loaded.dataset;
  auto written = [](const char* what, const std::string& path) {
    std::printf("%s written to %s\n", what, path.c_str());
  };
  if (!s.run.save.empty()) {
    agate::models::save_model(s.run.save,
                              {.model = best.model,
                               .classes = dataset.classes,
                               .multi_label = dataset.is_multi_label(),
                               .metric = s.train.metric,
                               .schema = loaded.schema,
                               .data = dataset.name,
                               .training = training_summary(s, results.split, best.run)});
    written("model", s.run.save);
  }
  if (!s.run.json.empty()) {
    agate::io::write_file(s.run.json, results_json(s, results));
    written("results", s.run.json);
  }
  if (s.run.out.empty() && s.run.picture.empty()) return;
  const agate::Tensor logits =
      agate::models::predict(*best.model, dataset, static_cast<int>(s.train.threads));
  if (!s.run.out.empty()) {
    agate::io::write_file(
        s.run.out, predictions_csv(dataset, logits, dataset.classes, dataset.is_multi_label()));
    written("predictions", s.run.out);
  }
  if (!s.run.picture.empty()) {
    write_picture(s.run.picture, dataset, logits,
                  s.model.model + ", seed " + std::to_string(best.run.seed));
    written("picture", s.run.picture);
  }
}

}  // namespace

int train(const Settings& settings) {
  if (settings.run.print_config) {
    std::printf("%s\n", settings_json(settings).c_str());
    return 0;
  }
  check_outputs(settings.run);
  Settings s = settings;
  const auto loaded = load_dataset(s.run);
  const auto& dataset = loaded.dataset;
  agate::check(!dataset.classes.empty(), agate::ErrorCode::usage, "no classes to learn in ",
               dataset.name, ": name the column that holds them with --label");
  const std::string split_text = s.run.split.empty() ? loaded.default_split : s.run.split;
  const auto split_spec = agate::data::parse_split(split_text);
  const agate::Index folds = agate::data::fold_count(dataset, split_spec);
  s.model.in = dataset.num_features();
  s.model.out = dataset.num_classes();
  s.model.encodings = loaded.schema ? loaded.schema->structural.encodings() : 0;
  s.model.normalize =
      agate::models::resolve_normalize(s.model.normalize, dataset.x, s.model.encodings);
  if (s.train.metric == "auto") s.train.metric = loaded.default_metric;
  catch_interrupts();
  announce(s, dataset, split_text);

  Results results{.data = dataset.name,
                  .split = split_text,
                  .metric = s.train.metric,
                  .parameters = 0,
                  .folds = folds,
                  .runs = {}};
  Best best;
  const agate::Index runs = s.run.runs * results.folds;
  Progress progress(s.run.quiet, runs);
  for (agate::Index r = 0; r < runs && !interrupted(); ++r) {
    const auto seed = static_cast<std::uint64_t>(s.run.seed + r / results.folds);
    const agate::Index fold = r % results.folds;
    auto model = agate::models::make_model(s.model, seed);
    results.parameters = model->num_parameters();
    const auto split = agate::data::make_split(dataset, split_spec, seed, fold);
    Run run{static_cast<agate::Index>(seed), fold,
            agate::train::fit(*model, dataset, split, s.train, seed,
                              [&](const agate::train::EpochReport& report) {
                                progress.epoch(r, report, s.train.patience);
                                return !interrupted();
                              })};
    if (best.beaten_by(run)) {
      best.model = std::move(model);
      best.run = run;
    }
    run.fit.history.clear();
    results.runs.push_back(std::move(run));
  }
  progress.clear();
  agate::check(!results.runs.empty(), agate::ErrorCode::interrupted,
               "interrupted before the first epoch");
  print_results(s, results);
  write_outputs(s, loaded, best, results);
  if (!interrupted()) return 0;
  std::fprintf(stderr, "agate: interrupted in run %zu of %lld; what was reached is saved\n",
               results.runs.size(), static_cast<long long>(runs));
  return 130;
}

}  // namespace tool
