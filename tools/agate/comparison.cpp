#include "comparison.hpp"

#include <agate/explain/bar_chart.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "text.hpp"

namespace tool {

using agate::Index;

Cost cost_of(const Results& r) {
  const auto n = static_cast<double>(r.runs.size());
  Cost cost{.peak = std::isnan(r.peak_mb) ? "-" : number("%.1f", r.peak_mb)};
  for (const Run& run : r.runs) {
    cost.ms += epoch_ms(run.fit) / n;
    cost.epochs += static_cast<double>(run.fit.epochs) / n;
  }
  return cost;
}

namespace {

void print_row(const Compared& row, int width, bool best, Index runs) {
  const Results& r = row.results;
  std::printf("%-*s %c ", width, row.settings.model.model.c_str(), best ? '*' : ' ');
  if (r.runs.empty()) {
    std::printf("%20s\n", row.failed ? "failed" : "not reached");
    return;
  }
  const Cost cost = cost_of(r);
  std::printf("%20s %12lld %10.2f %10s %8.0f",
              score_text(r.metric, test_summary(r), r.runs.size() > 1).c_str(),
              static_cast<long long>(r.parameters), cost.ms, cost.peak.c_str(), cost.epochs);
  if (std::ssize(r.runs) < runs)
    std::printf("   (%zu of %lld runs)", r.runs.size(), static_cast<long long>(runs));
  std::printf("\n");
}

// Shares are drawn in per cent.
double unit_of(const std::string& metric) { return agate::train::is_of_numbers(metric) ? 1 : 100; }

agate::explain::Bar bar_of(const Compared& row, bool best) {
  const Results& r = row.results;
  const Summary test = test_summary(r);
  const Cost cost = cost_of(r);
  const double unit = unit_of(r.metric);
  agate::explain::Bar bar{.name = row.settings.model.model,
                          .mean = unit * test.mean,
                          .deviation = unit * test.deviation,
                          .columns = {std::to_string(r.parameters), number("%.2f", cost.ms),
                                      cost.peak, number("%.0f", cost.epochs)},
                          .marked = best};
  for (const Run& run : r.runs) bar.runs.push_back(unit * run.fit.test.metric);
  return bar;
}

// A preset that only some of the models have.
void print_presets(const std::vector<Compared>& rows) {
  const auto has = std::ranges::find_if(
      rows, [](const Compared& row) { return row.settings.run.preset != "default"; });
  if (has == rows.end()) return;
  for (const Compared& row : rows)
    if (row.settings.run.preset == "default")
      std::printf("%s has no preset \"%s\": its default\n", row.settings.model.model.c_str(),
                  has->settings.run.preset.c_str());
}

}  // namespace

int best_of(const std::vector<Compared>& rows) {
  int best = -1;
  const auto score = [&](int k) {
    const Results& r = rows[k].results;
    return (agate::train::lower_is_better(r.metric) ? -1 : 1) * test_summary(r).mean;
  };
  for (int k = 0; k < std::ssize(rows); ++k)
    if (!rows[k].results.runs.empty() && (best < 0 || score(k) > score(best))) best = k;
  return best;
}

void print_comparison(const std::vector<Compared>& rows, const Experiment& experiment) {
  const Settings& s = rows.front().settings;
  const Index runs = num_runs(s, experiment);
  std::size_t width = 5;
  for (const Compared& row : rows) width = std::max(width, row.settings.model.model.size());
  for (const BaselineRuns& baseline : rows.front().results.baselines)
    width = std::max(width, baseline.name.size());
  std::printf("\n%-*s   %20s %12s %10s %10s %8s\n", static_cast<int>(width), "model",
              ("test " + s.train.metric).c_str(), "parameters", "ms/epoch", "peak MB", "epochs");
  const int best = best_of(rows);
  for (int k = 0; k < std::ssize(rows); ++k)
    print_row(rows[k], static_cast<int>(width), k == best, runs);
  for (const BaselineRuns& baseline : rows.front().results.baselines)
    std::printf(
        "%-*s   %20s %12lld%s\n", static_cast<int>(width), baseline.name.c_str(),
        score_text(s.train.metric, baseline_summary(baseline, s.train.metric), runs > 1).c_str(),
        static_cast<long long>(baseline.parameters),
        baseline.parameters > 0 ? "" : "   without training");
  std::printf("\n%s, split %s, %lld %s each, %lld threads; * the best mean; MB above the data\n",
              experiment.loaded.dataset.name.c_str(), experiment.split.c_str(),
              static_cast<long long>(runs), runs == 1 ? "run" : "runs",
              static_cast<long long>(threads_used(s)));
  print_presets(rows);
}

std::string comparison_json(const std::vector<Compared>& rows) {
  auto json = nlohmann::ordered_json::array();
  for (const Compared& row : rows)
    if (!row.results.runs.empty())
      json.push_back(nlohmann::ordered_json::parse(results_json(row.settings, row.results)));
  return json.dump(2) + "\n";
}

std::string comparison_chart(const std::vector<Compared>& rows, const Experiment& experiment) {
  const Settings& s = rows.front().settings;
  const int best = best_of(rows);
  std::vector<agate::explain::Bar> bars;
  for (int k = 0; k < std::ssize(rows); ++k)
    if (!rows[k].results.runs.empty()) bars.push_back(bar_of(rows[k], k == best));
  for (const BaselineRuns& baseline : rows.front().results.baselines) {
    const Summary test = baseline_summary(baseline, s.train.metric);
    const double unit = unit_of(s.train.metric);
    bars.push_back({.name = baseline.name,
                    .mean = unit * test.mean,
                    .deviation = unit * test.deviation,
                    .columns = {std::to_string(baseline.parameters), "", "", ""}});
    for (const auto& scores : baseline.test) bars.back().runs.push_back(unit * scores.metric);
  }
  const Index runs = num_runs(s, experiment);
  return agate::explain::bar_chart_svg(
      bars, {.title = experiment.loaded.dataset.name,
             .subtitle = "split " + experiment.split + ", " + std::to_string(runs) +
                         (runs == 1 ? " run" : " runs") + " each, " +
                         std::to_string(threads_used(s)) + " threads",
             .axis = "test " + s.train.metric + (unit_of(s.train.metric) == 1 ? "" : ", %"),
             .heads = {"parameters", "ms/epoch", "peak MB", "epochs"}});
}

}  // namespace tool
