#include "experiment.hpp"

#include <agate/core/error.hpp>
#include <agate/models/label_input.hpp>
#include <agate/train/metrics.hpp>
#include <cstdio>

#include "peak_memory.hpp"

namespace tool {

using agate::Index;
using agate::data::Task;

namespace {

void announce(const agate::data::Dataset& d, const std::string& split) {
  auto say = [](Index count, const char* what) {
    std::fprintf(stderr, " %lld %s,", static_cast<long long>(count), what);
  };
  std::fprintf(stderr, "%s:", d.name.c_str());
  if (d.num_graphs() > 1) say(d.num_graphs(), "graphs");
  say(d.num_nodes(), "nodes");
  say(d.graph.num_edges(), "edges");
  say(d.num_features(), "features");
  if (d.num_edge_features() > 0) say(d.num_edge_features(), "edge features");
  if (d.task != Task::link)
    say(d.num_classes(), d.targets.empty() ? "classes" : d.regression ? "numbers" : "labels");
  std::fprintf(stderr, " task %s; split %s\n", to_string(d.task).c_str(), split.c_str());
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

void note_unused(const Experiment& e, const Settings& s) {
  const Index there = e.loaded.dataset.num_edge_features();
  if (s.run.quiet || there == 0 || sees_edge_features(s.model)) return;
  std::fprintf(stderr, "note: the layers of %s do not see the %lld features of the edges\n",
               s.model.model.c_str(), static_cast<long long>(there));
}

agate::data::Fold fold_of(const Experiment& e, std::uint64_t seed, Index fold) {
  const auto& schema = e.loaded.schema;
  return make_fold(e.loaded.dataset, schema ? &*schema : nullptr, e.spec, seed, fold);
}

Settings fitted_to(const Experiment& experiment, Settings s) {
  const auto& dataset = experiment.loaded.dataset;
  s.model.task = to_string(dataset.task);
  s.model.regression = dataset.regression;
  s.model.in = dataset.num_features();
  s.model.out = dataset.num_classes();
  const bool edges = dataset.task == Task::edge;
  agate::check(!s.model.label_input || edges, agate::ErrorCode::usage,
               "label_input: the labels of ", dataset.name, " are those of ",
               items_of(dataset.task), ", expected edges");
  s.model.pair_dim = edges ? dataset.num_edge_features() : 0;
  s.model.edge_dim = 0;
  if (sees_edge_features(s.model))
    s.model.edge_dim = dataset.num_edge_features() +
                       (s.model.label_input ? agate::models::label_columns(dataset) : 0);
  else
    s.model.label_input = false;
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

Index num_trainings(const Settings& s, const Experiment& experiment) {
  return num_runs(s, experiment) * std::ssize(grid_of(s));
}

bool Best::beaten_by(const Run& other, const std::string& metric) const {
  const auto &mine = run.fit.val, &its = other.fit.val;
  const double sign = agate::train::lower_is_better(metric) ? -1 : 1;
  return !model || sign * its.metric > sign * mine.metric ||
         (its.metric == mine.metric && its.loss < mine.loss);
}

Trained train_runs(const Settings& settings, const Experiment& experiment, Progress& progress) {
  Trained trained;
  Results& results = trained.results;
  results.data = experiment.loaded.dataset.name;
  results.classes = experiment.loaded.dataset.classes;
  results.split = experiment.split;
  results.metric = settings.train.metric;
  results.folds = experiment.folds;
  const auto grid = grid_of(settings);
  const PeakMeter meter;
  Index part = 0;
  for (Index r = 0; r < settings.run.runs * experiment.folds && !interrupted(); ++r) {
    const auto seed = static_cast<std::uint64_t>(settings.run.seed + r / experiment.folds);
    const Index fold = r % experiment.folds;
    const auto data = fold_of(experiment, seed, fold);
    Best chosen;
    for (const GridPoint& point : grid) {
      if (interrupted()) break;
      const Settings s = fitted_to(experiment, point.settings);
      auto model = agate::models::make_model(s.model, seed);
      Run run{static_cast<Index>(seed), fold, point.name, model->num_parameters(),
              agate::train::fit(*model, data.dataset, data.split, s.train, seed,
                                [&](const agate::train::EpochReport& report) {
                                  progress.epoch(part, report, s.train.patience);
                                  return !interrupted();
                                })};
      ++part;
      if (chosen.beaten_by(run, results.metric)) chosen = {std::move(model), std::move(run)};
    }
    if (!chosen.model) break;
    auto other = chosen.model;
    if (trained.best.beaten_by(chosen.run, results.metric)) {
      other = trained.best.model;
      trained.best = chosen;
    }
    if (other && experiment.loaded.dataset.task != Task::link)
      trained.others.push_back(std::move(other));
    chosen.run.fit.history.clear();
    results.runs.push_back(std::move(chosen.run));
  }
  if (!results.runs.empty()) results.parameters = results.runs.back().parameters;
  results.peak_mb = meter.mb();
  results.peak_rss_mb = peak_memory_mb();
  return trained;
}

}  // namespace tool
