// agate train and compare on sequences.

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/models/sequence_file.hpp>
#include <algorithm>
#include <cstdio>

#include "peak_memory.hpp"
#include "progress.hpp"
#include "sequence_results.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::Index;
using agate::train::SequenceScores;

namespace {

bool better(const SequenceScores& a, const SequenceScores& b) {
  return a.exact > b.exact || (a.exact == b.exact && a.loss < b.loss);
}

SequenceResults train_runs(const SequenceSettings& settings, Progress& progress) {
  SequenceResults r{.settings = settings};
  const PeakMeter meter;
  SequenceScores best;
  for (Index k = 0; k < settings.run.runs && !interrupted(); ++k) {
    const auto seed = static_cast<std::uint64_t>(settings.run.seed + k);
    const auto data = load_sequences(settings.run, seed);
    SequenceSettings s = settings;
    s.model.source = data.source;
    s.model.target = data.target;
    std::shared_ptr model = agate::models::make_sequence_model(s.model, seed);
    SequenceRun run{static_cast<Index>(seed),
                    agate::train::fit_sequences(*model, data, s.train, seed,
                                                [&](const agate::train::EpochReport& report) {
                                                  progress.epoch(k, report, s.train.patience);
                                                  return !interrupted();
                                                })};
    if (!r.best || better(run.fit.val, best)) {
      r.best = model;
      best = run.fit.val;
    }
    r.data = data.name;
    r.tests.clear();
    for (const auto& test : data.tests) r.tests.push_back(test.name);
    r.parameters = model->num_parameters();
    if (r.best == model) r.learning = run.fit;
    run.fit.history.clear();
    r.runs.push_back(std::move(run));
  }
  r.peak_mb = meter.mb();
  return r;
}

void written(const char* what, const std::string& path) {
  std::printf("%s written to %s\n", what, path.c_str());
}

void check_sequence_outputs(const RunOptions& run) {
  for (const std::string& path : {run.save, run.json, run.report, run.chart})
    if (!path.empty()) agate::io::check_writable(path);
}

void say_what(const SequenceSettings& s) {
  if (s.run.quiet) return;
  const auto data = load_sequences(s.run, static_cast<std::uint64_t>(s.run.seed));
  auto kind = [](const agate::data::Alphabet& a) {
    return a.has_symbols() ? std::to_string(a.symbols.size()) + (a.words ? " words" : " characters")
                           : "vectors of " + std::to_string(a.width);
  };
  std::fprintf(stderr, "%s: %s to %s, %lld pairs in an epoch, %lld to validate on\n",
               data.name.c_str(), kind(data.source).c_str(), kind(data.target).c_str(),
               static_cast<long long>(data.train(1).size()),
               static_cast<long long>(data.val.size()));
}

}  // namespace

int train_sequences(const SequenceSettings& settings) {
  if (settings.run.print_config) {
    std::printf("%s\n", settings_json(settings).c_str());
    return 0;
  }
  check_sequence_outputs(settings.run);
  say_what(settings);
  catch_interrupts();
  Progress progress(settings.run.quiet, settings.run.runs);
  const SequenceResults r = train_runs(settings, progress);
  progress.clear();
  check(!r.runs.empty(), ErrorCode::interrupted, "interrupted before the first epoch");
  print_results(r);
  if (!settings.run.save.empty()) {
    agate::models::save_sequence_model(
        settings.run.save, {.model = r.best, .data = r.data, .training = training_summary(r)});
    written("model", settings.run.save);
  }
  if (!settings.run.json.empty()) {
    agate::io::write_file(settings.run.json, results_json(r));
    written("results", settings.run.json);
  }
  if (!settings.run.report.empty()) {
    agate::io::write_file(settings.run.report, training_report(r));
    written("report", settings.run.report);
  }
  if (!interrupted()) return 0;
  std::fprintf(stderr, "agate: interrupted in run %zu of %lld; what was reached is saved\n",
               r.runs.size(), static_cast<long long>(settings.run.runs));
  return 130;
}

int compare_sequences(const std::vector<SequenceSettings>& models) {
  const RunOptions& run = models.front().run;
  check_sequence_outputs(run);
  say_what(models.front());
  catch_interrupts();
  std::vector<SequenceResults> rows;
  Progress progress(run.quiet, run.runs, std::ssize(models));
  bool failed = false;
  for (const SequenceSettings& s : models) {
    if (interrupted()) break;
    progress.begin_part(std::ssize(rows), s.model.model);
    try {
      rows.push_back(train_runs(s, progress));
    } catch (const agate::Error& error) {
      // The other models are not worse for it.
      progress.clear();
      std::fprintf(stderr, "agate: %s: %s\n", s.model.model.c_str(), error.what());
      rows.push_back({.settings = s, .failed = true});
      failed = true;
    }
  }
  progress.clear();
  check(std::ranges::any_of(rows, [](const auto& r) { return !r.runs.empty(); }),
        interrupted() ? ErrorCode::interrupted : ErrorCode::value, "compare: no run has ended");
  print_comparison(rows);
  if (!run.json.empty()) {
    agate::io::write_file(run.json, comparison_json(rows));
    written("results", run.json);
  }
  if (!run.report.empty()) {
    agate::io::write_file(run.report, comparison_report(rows));
    written("report", run.report);
  }
  if (!run.chart.empty()) {
    agate::io::write_file(run.chart, comparison_chart(rows));
    written("chart", run.chart);
  }
  if (!interrupted()) return failed ? 1 : 0;
  std::fprintf(stderr, "agate: interrupted; the table holds the runs that had ended\n");
  return 130;
}

}  // namespace tool
