#include "report.hpp"

#include <agate/explain/html.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/predict.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "predictions.hpp"
#include "text.hpp"

namespace tool {

using agate::Index;
using agate::Tensor;
using agate::data::Dataset;
using agate::data::Task;
using agate::explain::html_text;

void Report::heading(const std::string& text) { body_ += "<h2>" + html_text(text) + "</h2>\n"; }
void Report::paragraph(const std::string& text) { body_ += "<p>" + html_text(text) + "</p>\n"; }
void Report::note(const std::string& text) {
  body_ += "<p class=\"note\">" + html_text(text) + "</p>\n";
}

void Report::table(const std::vector<std::vector<std::string>>& rows) {
  body_ += "<div class=\"wide\"><table>\n";
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::string cell = k == 0 ? "th" : "td";
    body_ += "<tr>";
    for (const std::string& text : rows[k])
      body_ += "<" + cell + ">" + html_text(text) + "</" + cell + ">";
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Report::picture(const std::string& svg) {
  body_ += "<div class=\"picture\">" + svg + "</div>\n";
}

void Report::repeat(const std::string& command, const std::string& settings) {
  heading("Again");
  body_ += "<p><code>" + html_text(command) +
           "</code></p>\n<details><summary>All settings</summary><pre>";
  std::istringstream lines(settings);
  for (std::string line; std::getline(lines, line);) body_ += html_text(line) + "\n";
  body_ += "</pre></details>\n";
  note("agate " + agate::models::version() +
       "; the same command, data and version give the same figures but the times.");
}

std::string settings_json(const agate::models::ModelFile& file) {
  using json = nlohmann::ordered_json;
  const json trained = json::parse(file.training, nullptr, false);
  return json{{"model", json::parse(agate::models::to_json(file.model->config()))},
              {"trained on", file.data},
              {"training", trained.is_discarded() ? json(file.training) : trained},
              {"saved by agate", file.version}}
      .dump(2);
}

std::string Report::page() const { return agate::explain::html_page(title_, body_); }

namespace {

void add_runs(Report& report, const Results& r) {
  const bool many = r.runs.size() > 1;
  std::vector<std::vector<std::string>> rows{{"", "test " + r.metric}};
  rows.push_back({"this model", score_text(r.metric, test_summary(r), many)});
  for (const BaselineRuns& baseline : r.baselines)
    rows.push_back({baseline.name + (baseline.parameters > 0 ? "" : ", without training"),
                    score_text(r.metric, baseline_summary(baseline, r.metric), many)});
  report.table(rows);
  rows = {{"seed", "fold", "epochs", "best at", "train", "validation", "test", "ms an epoch"}};
  constexpr std::size_t shown = 30;
  for (std::size_t k = 0; k < std::min(shown, r.runs.size()); ++k) {
    const Run& run = r.runs[k];
    rows.push_back({whole(run.seed), r.folds > 1 ? whole(run.fold) : "-", whole(run.fit.epochs),
                    whole(run.fit.best_epoch), number("%.4f", run.fit.train.metric),
                    number("%.4f", run.fit.val.metric), number("%.4f", run.fit.test.metric),
                    number("%.2f", epoch_ms(run.fit))});
  }
  report.table(rows);
  if (r.runs.size() > shown) report.note("the first " + whole(shown) + " runs");
}

std::string what_it_is(const Dataset& d) {
  std::string text = d.name + ": " + whole(d.num_nodes()) + " nodes, " +
                     whole(d.graph.num_edges()) + " edges, " + whole(d.num_features()) +
                     " features";
  if (d.num_graphs() > 1) text += ", " + whole(d.num_graphs()) + " graphs";
  return text + "; " + to_string(d.task) + "s are " +
         (d.regression ? "given numbers" : "classified");
}

}  // namespace

std::string training_report(const Settings& s, const Experiment& experiment,
                            const Trained& trained) {
  const auto& [results, best, others] = trained;
  Report report(s.model.model + " on " + results.data);
  report.paragraph(what_it_is(experiment.loaded.dataset) + ". Split " + results.split + "; " +
                   whole(results.parameters) + " parameters, " + whole(std::ssize(results.runs)) +
                   (results.runs.size() == 1 ? " run, " : " runs, ") + whole(threads_used(s)) +
                   " threads, peak memory " + number("%.0f", results.peak_rss_mb) + " MB.");
  add_runs(report, results);
  report_learning(report, best.run.fit, results.metric);
  const auto fold = fold_of(experiment, static_cast<std::uint64_t>(best.run.seed), best.run.fold);
  const int threads = static_cast<int>(s.train.threads);
  const Tensor outputs = outputs_of_parts(
      [&](const Dataset& d) { return agate::models::predict(*best.model, d, threads); },
      fold.dataset, fold.split);
  if (!fold.split.test.empty())
    report_predictions(report, *best.model, fold.dataset, outputs, fold.split.test,
                       "the test part of the run that validated best, seed " + whole(best.run.seed),
                       threads);
  report.repeat(s.command, settings_json(s));
  return report.page();
}

std::string comparison_report(const std::vector<Compared>& rows, const Experiment& experiment) {
  const Settings& s = rows.front().settings;
  Report report("Models on " + experiment.loaded.dataset.name);
  report.paragraph(what_it_is(experiment.loaded.dataset) + ". Split " + experiment.split +
                   "; the same splits and seeds for all.");
  std::vector<std::vector<std::string>> table{{"model", "test " + s.train.metric, "runs",
                                               "parameters", "ms an epoch", "peak MB", "epochs"}};
  for (const Compared& row : rows) {
    const Results& r = row.results;
    if (r.runs.empty()) {
      table.push_back({row.settings.model.model, row.failed ? "failed" : "not reached"});
      continue;
    }
    const Cost cost = cost_of(r);
    table.push_back({row.settings.model.model,
                     score_text(r.metric, test_summary(r), r.runs.size() > 1),
                     whole(std::ssize(r.runs)), whole(r.parameters), number("%.2f", cost.ms),
                     cost.peak, number("%.0f", cost.epochs)});
  }
  for (const BaselineRuns& baseline : rows.front().results.baselines)
    table.push_back({baseline.name,
                     score_text(s.train.metric, baseline_summary(baseline, s.train.metric), true)});
  report.table(table);
  if (best_of(rows) >= 0) report.picture(comparison_chart(rows, experiment));
  report.repeat(s.command, settings_json(s));
  return report.page();
}

}  // namespace tool
