#include "sequence_results.hpp"

#include <agate/explain/line_chart.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "peak_memory.hpp"
#include "report.hpp"

namespace tool {

using agate::Index;
using agate::train::SequenceScores;

namespace {

// Over the runs, of one test.
Summary over_runs(const SequenceResults& r, std::size_t test, double SequenceScores::*field) {
  std::vector<double> values;
  for (const SequenceRun& run : r.runs) values.push_back(run.fit.tests[test].*field);
  return summarize(values);
}

std::string per_cent(const Summary& s, bool many) { return score_text("accuracy", s, many); }

std::string rmse_text(const Summary& s, bool many) { return score_text("rmse", s, many); }

double mean_of(const SequenceResults& r, double (*of)(const SequenceRun&)) {
  std::vector<double> values;
  for (const SequenceRun& run : r.runs) values.push_back(of(run));
  return summarize(values).mean;
}

double mean_ms(const SequenceResults& r) {
  return mean_of(r, [](const SequenceRun& run) { return epoch_ms(run.fit); });
}

Index threads_of(const SequenceSettings& s) { return threads_used({s.run, {}, s.train}); }

const char* errors_name(const SequenceResults& r) {
  return r.best && !r.best->config().target.has_symbols() ? "bit errors" : "edits";
}

}  // namespace

void print_results(const SequenceResults& r) {
  const bool many = r.runs.size() > 1;
  std::printf("\n%-16s %20s %20s %20s %10s\n", "test", "exact", errors_name(r), "elements right",
              "loss");
  for (std::size_t t = 0; t < r.tests.size(); ++t)
    std::printf("%-16s %20s %20s %20s %10.4f\n", r.tests[t].c_str(),
                per_cent(over_runs(r, t, &SequenceScores::exact), many).c_str(),
                rmse_text(over_runs(r, t, &SequenceScores::errors), many).c_str(),
                per_cent(over_runs(r, t, &SequenceScores::accuracy), many).c_str(),
                over_runs(r, t, &SequenceScores::loss).mean);
  std::printf(
      "\n%s on %s, %lld parameters, %zu %s, %.0f epochs of %.1f ms, %.0f sequences learned "
      "from, %lld threads, peak memory %.0f MB\n",
      r.settings.model.model.c_str(), r.data.c_str(), static_cast<long long>(r.parameters),
      r.runs.size(), many ? "runs" : "run",
      mean_of(r, [](const SequenceRun& run) { return double(run.fit.epochs); }), mean_ms(r),
      mean_of(r, [](const SequenceRun& run) { return double(run.fit.sequences); }),
      static_cast<long long>(threads_of(r.settings)), peak_memory_mb());
  std::printf("%s are per sequence; elements right, and the loss, given those before\n",
              errors_name(r));
}

void print_comparison(const std::vector<SequenceResults>& rows) {
  const auto first = std::ranges::find_if(rows, [](const auto& r) { return !r.runs.empty(); });
  if (first == rows.end()) return;
  std::printf("\n%-16s", "model");
  for (const std::string& test : first->tests) std::printf(" %20s", test.c_str());
  std::printf(" %20s %10s %9s %8s %7s\n", (std::string(errors_name(*first)) + " at first").c_str(),
              "parameters", "ms/epoch", "peak MB", "epochs");
  for (const SequenceResults& r : rows) {
    std::printf("%-16s", r.settings.model.model.c_str());
    if (r.runs.empty()) {
      std::printf(" %20s\n", r.failed ? "failed" : "not reached");
      continue;
    }
    const bool many = r.runs.size() > 1;
    for (std::size_t t = 0; t < r.tests.size(); ++t)
      std::printf(" %20s", per_cent(over_runs(r, t, &SequenceScores::exact), many).c_str());
    std::printf(" %20s %10lld %9.0f %8.1f %7.0f\n",
                rmse_text(over_runs(r, 0, &SequenceScores::errors), many).c_str(),
                static_cast<long long>(r.parameters), mean_ms(r), r.peak_mb,
                mean_of(r, [](const SequenceRun& run) { return double(run.fit.epochs); }));
  }
  std::printf(
      "\n%s: the share of sequences said without an error; %lld %s each, %lld threads; MB "
      "above the data\n",
      first->data.c_str(), static_cast<long long>(first->settings.run.runs),
      first->settings.run.runs == 1 ? "run" : "runs",
      static_cast<long long>(threads_of(first->settings)));
}

namespace {

nlohmann::ordered_json json_of(const SequenceScores& s) {
  return {{"exact", s.exact}, {"errors", s.errors}, {"accuracy", s.accuracy}, {"loss", s.loss}};
}

nlohmann::ordered_json options_of(const SequenceSettings& s) {
  nlohmann::ordered_json json{{"model", s.model.model}};
  auto add = [&](const auto& table, const auto& from) {
    for (const auto& option : table)
      std::visit([&](auto field) { json[option.name] = from.*field; }, option.field);
  };
  add(agate::models::sequence_options(), s.model);
  add(agate::train::train_options(), s.train);
  for (const char* name : {"data", "pairs", "split", "lengths"})
    for (const auto& option : run_options())
      if (option.name == name)
        if (const auto text = agate::get_option(option, s.run); !text.empty()) json[name] = text;
  json["task"] = "sequence";
  json["words"] = s.run.words;
  json["per_epoch"] = s.run.per_epoch;
  json["runs"] = s.run.runs;
  json["seed"] = s.run.seed;
  return json;
}

nlohmann::ordered_json json_of(const SequenceResults& r) {
  nlohmann::ordered_json json{{"agate", agate::models::version()},
                              {"data", r.data},
                              {"task", "sequence"},
                              {"model", r.settings.model.model},
                              {"metric", "exact"}};
  json["runs"] = nlohmann::ordered_json::array();
  for (const SequenceRun& run : r.runs) {
    nlohmann::ordered_json one{
        {"seed", run.seed},           {"test", run.fit.tests.empty() ? 0 : run.fit.tests[0].exact},
        {"val", run.fit.val.exact},   {"best_epoch", run.fit.best_epoch},
        {"epochs", run.fit.epochs},   {"epoch_ms", epoch_ms(run.fit)},
        {"seconds", run.fit.seconds}, {"sequences", run.fit.sequences}};
    for (std::size_t t = 0; t < r.tests.size(); ++t)
      one["tests"][r.tests[t]] = json_of(run.fit.tests[t]);
    json["runs"].push_back(std::move(one));
  }
  if (!r.tests.empty()) {
    const Summary test = over_runs(r, 0, &SequenceScores::exact);
    json["test_mean"] = test.mean;
    json["test_std"] = test.deviation;
  }
  json["parameters"] = r.parameters;
  json["peak_mb"] = r.peak_mb;
  json["peak_rss_mb"] = peak_memory_mb();
  json["threads"] = threads_of(r.settings);
  json["config"] = options_of(r.settings);
  return json;
}

}  // namespace

std::string results_json(const SequenceResults& results) { return json_of(results).dump(2) + "\n"; }

std::string comparison_json(const std::vector<SequenceResults>& rows) {
  auto json = nlohmann::ordered_json::array();
  for (const SequenceResults& r : rows)
    if (!r.runs.empty()) json.push_back(json_of(r));
  return json.dump(2) + "\n";
}

std::string settings_json(const SequenceSettings& settings) { return options_of(settings).dump(2); }

std::string training_summary(const SequenceResults& r) {
  nlohmann::ordered_json json{{"runs", r.runs.size()}, {"seed", r.settings.run.seed}};
  for (std::size_t t = 0; t < r.tests.size(); ++t)
    json["tests"][r.tests[t]] = over_runs(r, t, &SequenceScores::exact).mean;
  return json.dump();
}

// How the share of exact sequences falls as they grow.
std::string comparison_chart(const std::vector<SequenceResults>& rows) {
  std::vector<agate::explain::Line> lines;
  for (const SequenceResults& r : rows) {
    if (r.runs.empty()) continue;
    agate::explain::Line line{.name = r.settings.model.model, .x = {}, .y = {}};
    for (std::size_t t = 0; t < r.tests.size(); ++t) {
      const std::string& name = r.tests[t];
      const auto at = name.find_last_of(" -");
      line.x.push_back(at == std::string::npos ? double(t + 1) : std::stod(name.substr(at + 1)));
      line.y.push_back(100 * over_runs(r, t, &SequenceScores::exact).mean);
    }
    lines.push_back(std::move(line));
  }
  return agate::explain::line_chart_svg(lines, {.title = rows.front().data,
                                                .x_title = "length",
                                                .y_title = "exact sequences, per cent",
                                                .log_x = false,
                                                .log_y = false});
}

namespace {

std::vector<std::vector<std::string>> test_table(const SequenceResults& r) {
  const bool many = r.runs.size() > 1;
  std::vector<std::vector<std::string>> rows{
      {"test", "exact", std::string(errors_name(r)) + " per sequence", "elements right"}};
  for (std::size_t t = 0; t < r.tests.size(); ++t)
    rows.push_back({r.tests[t], per_cent(over_runs(r, t, &SequenceScores::exact), many),
                    rmse_text(over_runs(r, t, &SequenceScores::errors), many),
                    per_cent(over_runs(r, t, &SequenceScores::accuracy), many)});
  return rows;
}

// What was said to some sources of the first test, wrong answers first, and what was looked at.
void add_examples(Report& report, const SequenceResults& r) {
  const auto data = load_sequences(r.settings.run, static_cast<std::uint64_t>(r.settings.run.seed));
  if (data.tests.empty()) return;
  constexpr Index asked = 200, shown = 15, drawn = 3;
  const auto& pairs = data.tests.front().pairs;
  std::vector<Index> some(static_cast<std::size_t>(std::min(asked, pairs.size())));
  std::iota(some.begin(), some.end(), Index{0});
  const auto part = select(pairs, some);
  std::vector<Index> lengths;
  for (Index b = 0; b < part.size(); ++b) lengths.push_back(part.target.length(b));
  const auto said = say(*r.best, part.source, {}, lengths);
  auto is_right = [&](Index b) {
    return decode(said, b, data.target) == decode(part.target, b, data.target);
  };
  std::ranges::stable_partition(some, [&](Index b) { return !is_right(b); });
  std::vector<std::vector<std::string>> rows{{"source", "said", "target"}};
  for (Index k = 0; k < std::min<Index>(shown, std::ssize(some)); ++k)
    rows.push_back({decode(part.source, some[k], data.source), decode(said, some[k], data.target),
                    is_right(some[k]) ? "the same" : decode(part.target, some[k], data.target)});
  report.heading("What it says");
  report.note("of the first " + std::to_string(part.size()) + " of the test, wrong ones first");
  report.table(rows);
  for (Index k = 0; k < std::min<Index>(drawn, std::ssize(some)); ++k) {
    const std::vector<Index> one{some[k]};
    const auto panels = alignment_panels(*r.best, {select(part.source, one), select(said, one)}, 0);
    if (panels.empty()) return;
    if (k == 0) report.heading("What it looks at");
    report.picture(alignment_svg(panels, decode(part.source, one[0], data.source),
                                 "\u2192 " + decode(said, one[0], data.target)));
  }
}

}  // namespace

std::string training_report(const SequenceResults& r) {
  Report report(r.settings.model.model + " on " + r.data);
  report.paragraph(std::to_string(r.parameters) + " parameters, " + std::to_string(r.runs.size()) +
                   (r.runs.size() == 1 ? " run, " : " runs, ") +
                   std::to_string(threads_of(r.settings)) + " threads.");
  report.table(test_table(r));
  report_learning(report, r.learning, "share exact");
  add_examples(report, r);
  report.repeat(r.settings.command, settings_json(r.settings));
  return report.page();
}

std::string comparison_report(const std::vector<SequenceResults>& rows) {
  Report report("Models on " + rows.front().data);
  report.paragraph("The share of sequences said without an error.");
  std::vector<std::vector<std::string>> table;
  for (const SequenceResults& r : rows) {
    if (r.runs.empty()) continue;
    if (table.empty()) {
      table.push_back({"model"});
      table[0].insert(table[0].end(), r.tests.begin(), r.tests.end());
      table[0].insert(table[0].end(), {"parameters", "ms an epoch"});
    }
    table.push_back({r.settings.model.model});
    for (std::size_t t = 0; t < r.tests.size(); ++t)
      table.back().push_back(per_cent(over_runs(r, t, &SequenceScores::exact), r.runs.size() > 1));
    table.back().push_back(std::to_string(r.parameters));
    table.back().push_back(std::to_string(std::lround(mean_ms(r))));
  }
  report.table(table);
  report.picture(comparison_chart(rows));
  report.repeat(rows.front().settings.command, settings_json(rows.front().settings));
  return report.page();
}

}  // namespace tool
