#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "experiment.hpp"
#include "heat_map.hpp"
#include "molecules.hpp"
#include "peak_memory.hpp"
#include "predictions.hpp"
#include "report.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

// Found out now rather than after an hour.
void check_outputs(const RunOptions& run) {
  for (const std::string& path :
       {run.save, run.out, run.json, run.report, run.picture, run.heat_map})
    if (!path.empty()) agate::io::check_writable(path);
}

std::string training_summary(const Settings& s, const std::string& split, const Run& run) {
  return nlohmann::ordered_json{{"preset", s.run.preset},    {"split", split},
                                {"grid", run.chosen},        {"seed", run.seed},
                                {"fold", run.fold},          {"best_epoch", run.fit.best_epoch},
                                {"epochs", run.fit.epochs},  {"metric", s.train.metric},
                                {"val", run.fit.val.metric}, {"test", run.fit.test.metric}}
      .dump();
}

// The items that any of the runs learned from, ascending.
std::vector<agate::Index> learned_from(const Experiment& experiment, const Results& results) {
  std::set<agate::Index> items;
  for (const Run& run : results.runs) {
    const auto fold = fold_of(experiment, static_cast<std::uint64_t>(run.seed), run.fold);
    items.insert(fold.split.train.begin(), fold.split.train.end());
  }
  return {items.begin(), items.end()};
}

// What took longest to make is written first.
void write_outputs(const Settings& s, const Experiment& experiment, const Trained& trained) {
  const LoadedData& loaded = experiment.loaded;
  const auto& [results, best, others] = trained;
  const auto& dataset = loaded.dataset;
  auto written = [](const char* what, const std::string& path) {
    std::printf("%s written to %s\n", what, path.c_str());
  };
  agate::models::ModelFile file{.model = best.model,
                                .others = others,
                                .task = to_string(dataset.task),
                                .classes = dataset.classes,
                                .multi_label = dataset.is_multi_label(),
                                .metric = s.train.metric,
                                .schema = loaded.schema,
                                .data = dataset.name,
                                .training = training_summary(s, results.split, best.run)};
  if (!s.run.save.empty()) {
    if (loaded.molecules)
      keep_molecules(*loaded.molecules, s.run, learned_from(experiment, results), file);
    agate::models::save_model(s.run.save, file);
    const std::string all = std::to_string(others.size() + 1) + " models in one file";
    written(others.empty() ? "model" : all.c_str(), s.run.save);
  }
  if (!s.run.json.empty()) {
    agate::io::write_file(s.run.json, results_json(s, results));
    written("results", s.run.json);
  }
  if (!s.run.report.empty()) {
    agate::io::write_file(s.run.report, training_report(s, experiment, trained));
    written("report", s.run.report);
  }
  const std::string caption = s.model.model + ", seed " + std::to_string(best.run.seed);
  if (!s.run.heat_map.empty()) {
    write_heat_map(s.run.heat_map, *best.model, dataset, static_cast<int>(s.train.threads),
                   caption);
    written("heat map", s.run.heat_map);
  }
  if (s.run.out.empty() && s.run.picture.empty()) return;
  if (dataset.task == agate::data::Task::link) {
    agate::check(s.run.picture.empty(), agate::ErrorCode::unsupported, s.run.picture,
                 ": a model of links draws no picture yet");
    constexpr agate::Index shown = 100;
    agate::io::write_file(s.run.out,
                          links_csv(dataset, likeliest_links(*best.model, dataset, "", shown,
                                                             static_cast<int>(s.train.threads))));
    return written("likeliest new links", s.run.out);
  }
  const auto said =
      agate::models::predict(file.members(), dataset, static_cast<int>(s.train.threads));
  if (!s.run.out.empty()) {
    agate::io::write_file(s.run.out, predictions_csv(dataset, said, dataset.classes));
    written("predictions", s.run.out);
  }
  if (!s.run.picture.empty()) {
    write_picture(s.run.picture, dataset, said.outputs, caption);
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
  const Experiment experiment = open_experiment(settings.run);
  const Settings s = fitted_to(experiment, settings);
  note_unused(experiment, s);
  check_heat_map(s.run.heat_map, s.model.model, experiment.loaded.dataset);
  const agate::Index runs = num_runs(s, experiment);
  const double loading_mb = peak_memory_mb();
  Progress progress(s.run.quiet, num_trainings(s, experiment));
  Trained trained = train_runs(s, experiment, progress);
  Results& results = trained.results;
  progress.clear();
  agate::check(!results.runs.empty(), agate::ErrorCode::interrupted,
               "interrupted before the first epoch");
  results.peak_rss_mb = std::max(results.peak_rss_mb, loading_mb);
  score_baselines(experiment, s, results);
  print_results(s, results);
  write_outputs(s, experiment, trained);
  if (!interrupted()) return 0;
  std::fprintf(stderr, "agate: interrupted in run %zu of %lld; what was reached is saved\n",
               results.runs.size(), static_cast<long long>(runs));
  return 130;
}

}  // namespace tool
