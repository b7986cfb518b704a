#include "experiment.hpp"

#include <agate/core/error.hpp>
#include <cstdio>

#include "peak_memory.hpp"

namespace tool {

using agate::Index;

namespace {

void announce(const agate::data::Dataset& d, const std::string& split) {
  std::fprintf(stderr, "%s: %lld nodes, %lld edges, %lld features, %d classes; split %s\n",
               d.name.c_str(), static_cast<long long>(d.num_nodes()),
               static_cast<long long>(d.graph.num_edges()),
               static_cast<long long>(d.num_features()), d.num_classes(), split.c_str());
}

}  // namespace

Experiment open_experiment(const RunOptions& run) {
  Experiment e{load_dataset(run), run.split, {}, 1};
  const auto& dataset = e.loaded.dataset;
  agate::check(!dataset.classes.empty(), agate::ErrorCode::usage, "no classes to learn in ",
               dataset.name, ": name the column that holds them with --label");
  if (e.split.empty()) e.split = e.loaded.default_split;
  e.spec = agate::data::parse_split(e.split);
  e.folds = agate::data::fold_count(dataset, e.spec);
  catch_interrupts();
  if (!run.quiet) announce(dataset, e.split);
  return e;
}

Settings fitted_to(const Experiment& experiment, Settings s) {
  const auto& dataset = experiment.loaded.dataset;
  s.model.in = dataset.num_features();
  s.model.out = dataset.num_classes();
  const auto& schema = experiment.loaded.schema;
  s.model.encodings = schema ? schema->structural.encodings() : 0;
  s.model.normalize =
      agate::models::resolve_normalize(s.model.normalize, dataset.x, s.model.encodings);
  if (s.train.metric == "auto") s.train.metric = experiment.loaded.default_metric;
  return s;
}

Index num_runs(const Settings& s, const Experiment& experiment) {
  return s.run.runs * experiment.folds;
}

bool Best::beaten_by(const Run& other) const {
  const auto &mine = run.fit.val, &its = other.fit.val;
  return !model || its.metric > mine.metric || (its.metric == mine.metric && its.loss < mine.loss);
}

Trained train_runs(const Settings& s, const Experiment& experiment, Progress& progress) {
  const auto& dataset = experiment.loaded.dataset;
  Trained trained;
  Results& results = trained.results;
  results.data = dataset.name;
  results.split = experiment.split;
  results.metric = s.train.metric;
  results.folds = experiment.folds;
  const PeakMeter meter;
  for (Index r = 0; r < num_runs(s, experiment) && !interrupted(); ++r) {
    const auto seed = static_cast<std::uint64_t>(s.run.seed + r / experiment.folds);
    const Index fold = r % experiment.folds;
    auto model = agate::models::make_model(s.model, seed);
    results.parameters = model->num_parameters();
    const auto split = agate::data::make_split(dataset, experiment.spec, seed, fold);
    Run run{static_cast<Index>(seed), fold,
            agate::train::fit(*model, dataset, split, s.train, seed,
                              [&](const agate::train::EpochReport& report) {
                                progress.epoch(r, report, s.train.patience);
                                return !interrupted();
                              })};
    if (trained.best.beaten_by(run)) {
      trained.best.model = std::move(model);
      trained.best.run = run;
    }
    run.fit.history.clear();
    results.runs.push_back(std::move(run));
  }
  results.peak_mb = meter.mb();
  results.peak_rss_mb = peak_memory_mb();
  return trained;
}

}  // namespace tool
