// agate train and compare on sequences.

#include <agate/core/error.hpp>
#include <agate/explain/line_chart.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/sequence_file.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "peak_memory.hpp"
#include "progress.hpp"
#include "results.hpp"
#include "sequences.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::Index;
using agate::train::SequenceScores;

namespace {

struct SequenceRun {
  Index seed = 0;
  agate::train::SequenceFit fit;
};

struct SequenceResults {
  SequenceSettings settings;
  std::string data{};
  std::vector<std::string> tests{};  // their names
  std::vector<SequenceRun> runs{};
  std::shared_ptr<const agate::models::SequenceModel> best{};
  Index parameters = 0;
  double peak_mb = 0;
  bool failed = false;
};

bool better(const SequenceScores& a, const SequenceScores& b) {
  return a.exact > b.exact || (a.exact == b.exact && a.loss < b.loss);
}

// Over the runs, of one test.
Summary over_runs(const SequenceResults& r, std::size_t test, double SequenceScores::*field) {
  std::vector<double> values;
  for (const SequenceRun& run : r.runs) values.push_back(run.fit.tests[test].*field);
  return summarize(values);
}

std::string per_cent(const Summary& s, bool many) { return score_text("accuracy", s, many); }

std::string number(const Summary& s, bool many) { return score_text("rmse", s, many); }

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
    run.fit.history.clear();
    r.runs.push_back(std::move(run));
  }
  r.peak_mb = meter.mb();
  return r;
}

double epoch_ms(const SequenceRun& run) {
  return 1000 * run.fit.seconds / static_cast<double>(std::max<Index>(1, run.fit.epochs));
}

double mean_of(const SequenceResults& r, double (*of)(const SequenceRun&)) {
  std::vector<double> values;
  for (const SequenceRun& run : r.runs) values.push_back(of(run));
  return summarize(values).mean;
}

Index threads_of(const SequenceSettings& s) { return threads_used({s.run, {}, s.train}); }

const char* errors_name(const SequenceResults& r) {
  return r.best && !r.best->config().target.has_symbols() ? "bit errors" : "edits";
}

void print_results(const SequenceResults& r) {
  const bool many = r.runs.size() > 1;
  std::printf("\n%-16s %20s %20s %20s %10s\n", "test", "exact", errors_name(r), "elements right",
              "loss");
  for (std::size_t t = 0; t < r.tests.size(); ++t)
    std::printf("%-16s %20s %20s %20s %10.4f\n", r.tests[t].c_str(),
                per_cent(over_runs(r, t, &SequenceScores::exact), many).c_str(),
                number(over_runs(r, t, &SequenceScores::errors), many).c_str(),
                per_cent(over_runs(r, t, &SequenceScores::accuracy), many).c_str(),
                over_runs(r, t, &SequenceScores::loss).mean);
  std::printf(
      "\n%s on %s, %lld parameters, %zu %s, %.0f epochs of %.1f ms, %.0f sequences learned "
      "from, %lld threads, peak memory %.0f MB\n",
      r.settings.model.model.c_str(), r.data.c_str(), static_cast<long long>(r.parameters),
      r.runs.size(), many ? "runs" : "run",
      mean_of(r, [](const SequenceRun& run) { return double(run.fit.epochs); }),
      mean_of(r, epoch_ms),
      mean_of(r, [](const SequenceRun& run) { return double(run.fit.sequences); }),
      static_cast<long long>(threads_of(r.settings)), peak_memory_mb());
  std::printf("%s are per sequence; elements right, and the loss, given those before\n",
              errors_name(r));
}

nlohmann::ordered_json json_of(const SequenceScores& s) {
  return {{"exact", s.exact}, {"errors", s.errors}, {"accuracy", s.accuracy}, {"loss", s.loss}};
}

nlohmann::ordered_json options_json(const SequenceSettings& s) {
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
        {"epochs", run.fit.epochs},   {"epoch_ms", epoch_ms(run)},
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
  json["config"] = options_json(r.settings);
  return json;
}

void written(const char* what, const std::string& path) {
  std::printf("%s written to %s\n", what, path.c_str());
}

std::string training_summary(const SequenceResults& r) {
  nlohmann::ordered_json json{{"runs", r.runs.size()}, {"seed", r.settings.run.seed}};
  for (std::size_t t = 0; t < r.tests.size(); ++t)
    json["tests"][r.tests[t]] = over_runs(r, t, &SequenceScores::exact).mean;
  return json.dump();
}

void check_outputs(const RunOptions& run) {
  check(run.out.empty() && run.picture.empty() && run.heat_map.empty() && run.grid.empty(),
        ErrorCode::unsupported,
        "--out, --picture, --heat-map and --grid are not for training on "
        "sequences; see agate predict and explain");
  for (const std::string& path : {run.save, run.json, run.chart})
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
    std::printf("%s\n", options_json(settings).dump(2).c_str());
    return 0;
  }
  check_outputs(settings.run);
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
    agate::io::write_file(settings.run.json, json_of(r).dump(2) + "\n");
    written("results", settings.run.json);
  }
  if (!interrupted()) return 0;
  std::fprintf(stderr, "agate: interrupted in run %zu of %lld; what was reached is saved\n",
               r.runs.size(), static_cast<long long>(settings.run.runs));
  return 130;
}

namespace {

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
                number(over_runs(r, 0, &SequenceScores::errors), many).c_str(),
                static_cast<long long>(r.parameters), mean_of(r, epoch_ms), r.peak_mb,
                mean_of(r, [](const SequenceRun& run) { return double(run.fit.epochs); }));
  }
  std::printf(
      "\n%s: the share of sequences said without an error; %lld %s each, %lld threads; MB "
      "above the data\n",
      first->data.c_str(), static_cast<long long>(first->settings.run.runs),
      first->settings.run.runs == 1 ? "run" : "runs",
      static_cast<long long>(threads_of(first->settings)));
}

// How the share of exact sequences falls as they grow.
std::string chart(const std::vector<SequenceResults>& rows) {
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

}  // namespace

int compare_sequences(const std::vector<SequenceSettings>& models) {
  const RunOptions& run = models.front().run;
  check_outputs(run);
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
    auto json = nlohmann::ordered_json::array();
    for (const SequenceResults& r : rows)
      if (!r.runs.empty()) json.push_back(json_of(r));
    agate::io::write_file(run.json, json.dump(2) + "\n");
    written("results", run.json);
  }
  if (!run.chart.empty()) {
    agate::io::write_file(run.chart, chart(rows));
    written("chart", run.chart);
  }
  if (!interrupted()) return failed ? 1 : 0;
  std::fprintf(stderr, "agate: interrupted; the table holds the runs that had ended\n");
  return 130;
}

}  // namespace tool
