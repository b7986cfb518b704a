#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <cstdio>

#include "comparison.hpp"
#include "report.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

using agate::Index;

// One epoch of each: what cannot work is found out now rather than after an hour, and no row pays
// in memory for the code that the program loads on first use.
void rehearse(const std::vector<Compared>& rows, const Experiment& experiment) {
  const auto seed = static_cast<std::uint64_t>(rows.front().settings.run.seed);
  const auto [dataset, split] = fold_of(experiment, seed, 0);
  for (const auto& [s, results, failed] : rows) try {
      const auto model = agate::models::make_model(s.model, seed);
      agate::train::fit(*model, dataset, split, s.train, seed, [](const auto&) { return false; });
      if (interrupted()) return;
    } catch (const agate::Error& error) {
      // Of a loss without bounds the row itself will tell.
      if (error.code() != agate::ErrorCode::diverged)
        agate::fail(error.code(), s.model.model, ": ", error.what());
    }
}

// So that every model pays, in time and memory, for what it derives from the data.
void forget_derived(agate::data::Dataset& dataset) {
  dataset.graph = dataset.graph.clone();
  if (auto* sparse = std::get_if<agate::SparseMatrix>(&dataset.x)) *sparse = sparse->clone();
}

void train_row(Compared& row, const Experiment& experiment, Progress& progress) {
  try {
    row.results = train_runs(row.settings, experiment, progress).results;
  } catch (const agate::Error& error) {
    // The other models are not worse for it.
    progress.clear();
    std::fprintf(stderr, "agate: %s: %s\n", row.settings.model.model.c_str(), error.what());
    row.failed = true;
  }
  std::erase_if(row.results.runs, [](const Run& run) { return run.fit.interrupted; });
}

void write_outputs(const RunOptions& run, const std::vector<Compared>& rows,
                   const Experiment& experiment) {
  const bool to_stdout = run.json == "/dev/stdout";
  if (!to_stdout) print_comparison(rows, experiment);
  if (!run.json.empty()) {
    agate::io::write_file(run.json, comparison_json(rows));
    if (!to_stdout) std::printf("results written to %s\n", run.json.c_str());
  }
  if (!run.report.empty()) {
    agate::io::write_file(run.report, comparison_report(rows, experiment));
    if (!to_stdout) std::printf("report written to %s\n", run.report.c_str());
  }
  if (run.chart.empty() || best_of(rows) < 0) return;
  agate::io::write_file(run.chart, comparison_chart(rows, experiment));
  if (!to_stdout) std::printf("chart written to %s\n", run.chart.c_str());
}

}  // namespace

int compare(const std::vector<Settings>& models) {
  const RunOptions& run = models.front().run;
  for (const std::string& path : {run.json, run.report, run.chart})
    if (!path.empty()) agate::io::check_writable(path);
  Experiment experiment = open_experiment(run);
  std::vector<Compared> rows;
  for (const Settings& s : models) {
    rows.push_back({fitted_to(experiment, s), {}});
    note_unused(experiment, s);
  }
  rehearse(rows, experiment);

  Progress progress(run.quiet, num_trainings(models.front(), experiment), std::ssize(rows));
  bool failed = false;
  for (Index k = 0; k < std::ssize(rows) && !interrupted(); ++k) {
    progress.begin_part(k, rows[k].settings.model.model);
    forget_derived(experiment.loaded.dataset);
    train_row(rows[k], experiment, progress);
    failed = failed || rows[k].failed;
  }
  progress.clear();
  agate::check(!interrupted() || best_of(rows) >= 0, agate::ErrorCode::interrupted,
               "interrupted before the first run had ended");
  // The splits are the same for all.
  score_baselines(experiment, rows.front().settings, rows.front().results);
  write_outputs(run, rows, experiment);
  if (!interrupted()) return failed ? 1 : 0;
  std::fprintf(stderr, "agate: interrupted; the table holds the runs that had ended\n");
  return 130;
}

}  // namespace tool
