#include "results.hpp"

#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/explain/graph_picture.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <agate/train/metrics.hpp>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

namespace tool {
namespace {

// Of one of the further metrics, where every run has it.
std::optional<Summary> further(const Results& results, const std::string& name) {
  std::vector<double> values;
  for (const Run& run : results.runs)
    if (const auto found = run.fit.test.metrics.find(name); found != run.fit.test.metrics.end())
      values.push_back(found->second);
  if (values.size() != results.runs.size()) return {};
  return summarize(values);
}

std::string short_name(const std::string& metric) {
  if (metric == "accuracy") return "acc";
  if (metric == "roc_auc") return "auc";
  if (metric == "average_precision") return "ap";
  return metric.ends_with("_f1") ? "f1" : metric;
}

// Of the test parts, before and after, where the models calibrate.
std::pair<std::vector<double>, std::vector<double>> calibration_errors(const Results& results) {
  std::pair<std::vector<double>, std::vector<double>> errors;
  for (const Run& run : results.runs)
    if (run.fit.reliability) {
      errors.first.push_back(run.fit.raw_reliability->error);
      errors.second.push_back(run.fit.reliability->error);
    }
  return errors;
}

// Over the runs that can tell.
Summary summarize_known(const std::vector<double>& values) {
  std::vector<double> known;
  std::ranges::copy_if(values, std::back_inserter(known), [](double v) { return !std::isnan(v); });
  return known.empty() ? Summary{std::nan(""), 0} : summarize(known);
}

// Of one label over the runs: how many are known and 1 in the first, and the two areas.
struct LabelSummary {
  agate::train::LabelScore first;
  Summary roc_auc, average_precision;
};

std::vector<LabelSummary> label_summaries(const Results& results) {
  std::vector<LabelSummary> all;
  const auto& first = results.runs.front().fit.test.labels;
  for (std::size_t c = 0; c < first.size(); ++c) {
    std::vector<double> roc, precision;
    for (const Run& run : results.runs) {
      roc.push_back(run.fit.test.labels[c].roc_auc);
      precision.push_back(run.fit.test.labels[c].average_precision);
    }
    all.push_back({first[c], summarize_known(roc), summarize_known(precision)});
  }
  return all;
}

void print_labels(const Results& results, const std::vector<std::string>& names) {
  const auto labels = label_summaries(results);
  if (labels.size() < 2) return;
  std::printf("\n%-28s %10s %10s %20s %20s\n", "label", "known", "of them 1", "test roc_auc",
              "average_precision");
  constexpr std::size_t most = 40;
  const bool many = results.runs.size() > 1;
  auto cell = [&](const Summary& s) {
    return std::isnan(s.mean) ? std::string("-") : score_text("", s, many);
  };
  for (std::size_t c = 0; c < std::min(most, labels.size()); ++c)
    std::printf("%-28.28s %10lld %10lld %20s %20s\n", names[c].c_str(),
                static_cast<long long>(labels[c].first.known),
                static_cast<long long>(labels[c].first.ones), cell(labels[c].roc_auc).c_str(),
                cell(labels[c].average_precision).c_str());
  if (labels.size() > most)
    std::printf("%-28s (%zu more; --json has them all)\n", "...", labels.size() - most);
}

nlohmann::ordered_json as_json(const Summary& s) {
  return {{"mean", s.mean}, {"std", s.deviation}};
}

}  // namespace

Summary summarize(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  Summary s{std::accumulate(values.begin(), values.end(), 0.0) / n, 0};
  if (values.size() < 2) return s;
  for (double v : values) s.deviation += (v - s.mean) * (v - s.mean);
  s.deviation = std::sqrt(s.deviation / (n - 1));
  return s;
}

Summary test_summary(const Results& results) {
  std::vector<double> values;
  for (const Run& run : results.runs) values.push_back(run.fit.test.metric);
  return summarize(values);
}

Summary baseline_summary(const BaselineRuns& baseline, const std::string& metric) {
  std::vector<double> values;
  for (const auto& scores : baseline.test)
    if (const auto found = scores.metrics.find(metric); found != scores.metrics.end())
      values.push_back(found->second);
  return summarize(values);
}

std::string score_text(const std::string& metric, const Summary& s, bool many) {
  char text[64];
  if (agate::train::is_of_numbers(metric))
    std::snprintf(text, sizeof text, many ? "%.4f +- %.4f" : "%.4f", s.mean, s.deviation);
  else if (many)
    std::snprintf(text, sizeof text, "%.2f +- %.2f %%", 100 * s.mean, 100 * s.deviation);
  else
    std::snprintf(text, sizeof text, "%.2f %%", 100 * s.mean);
  return text;
}

double epoch_ms(const agate::train::EpochsResult& fit) {
  return 1000 * fit.seconds / static_cast<double>(std::max<agate::Index>(1, fit.epochs));
}

agate::Index threads_used(const Settings& s) {
  return s.train.threads > 0 ? s.train.threads : agate::default_threads();
}

void print_results(const Settings& settings, const Results& results) {
  const std::string name = short_name(results.metric);
  const bool folds = results.folds > 1;
  auto head = [&](const char* part) { return part + (" " + name); };
  std::printf("\n%6s%s %8s %8s %10s %10s %10s %10s\n", "seed", folds ? "   fold" : "", "epochs",
              "best at", head("train").c_str(), head("val").c_str(), head("test").c_str(),
              "ms/epoch");
  const std::size_t shown = results.runs.size() > 12 ? 10 : results.runs.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const Run& run = results.runs[i];
    std::printf("%6lld", static_cast<long long>(run.seed));
    if (folds) std::printf(" %6lld", static_cast<long long>(run.fold));
    std::printf(" %8lld %8lld", static_cast<long long>(run.fit.epochs),
                static_cast<long long>(run.fit.best_epoch));
    for (const auto* part : {&run.fit.train, &run.fit.val, &run.fit.test})
      std::isnan(part->metric) ? std::printf(" %10s", "-") : std::printf(" %10.4f", part->metric);
    std::printf(" %10.2f", epoch_ms(run.fit));
    std::printf(run.chosen.empty() ? "\n" : "   %s\n", run.chosen.c_str());
  }
  if (shown < results.runs.size())
    std::printf("%6s (%zu more)\n", "...", results.runs.size() - shown);
  const bool many = results.runs.size() > 1;
  print_labels(results, results.classes);
  std::printf("\ntest %s %s", results.metric.c_str(),
              score_text(results.metric, test_summary(results), many).c_str());
  for (const std::string& other : agate::train::metric_names())
    if (const auto summary = further(results, other);
        summary && other != results.metric && other != "micro_f1")
      std::printf("   %s %s", other.c_str(), score_text(other, *summary, many).c_str());
  if (many) std::printf("   (%zu runs)", results.runs.size());
  if (const auto [raw, fitted] = calibration_errors(results); !fitted.empty())
    std::printf("\ncalibration error %s, fitted on the validation part (%s before)",
                score_text("", summarize(fitted), many).c_str(),
                score_text("", summarize(raw), many).c_str());
  for (const BaselineRuns& baseline : results.baselines) {
    std::printf(
        "\n%s%s: %s %s", baseline.name.c_str(), baseline.parameters > 0 ? "" : " without training",
        results.metric.c_str(),
        score_text(results.metric, baseline_summary(baseline, results.metric), many).c_str());
    for (const auto& [metric, value] : baseline.test.front().metrics)
      if (metric != results.metric && metric != "micro_f1")
        std::printf("   %s %s", metric.c_str(),
                    score_text(metric, baseline_summary(baseline, metric), many).c_str());
  }
  std::printf("\n%s on %s, split %s, %lld parameters, %lld threads, peak memory %.0f MB\n",
              settings.model.model.c_str(), results.data.c_str(), results.split.c_str(),
              static_cast<long long>(results.parameters),
              static_cast<long long>(threads_used(settings)), results.peak_rss_mb);
}

namespace {

nlohmann::ordered_json baselines_json(const Results& results) {
  auto json = nlohmann::ordered_json::object();
  for (const BaselineRuns& baseline : results.baselines)
    for (const auto& [metric, value] : baseline.test.front().metrics)
      json[baseline.name][metric] = as_json(baseline_summary(baseline, metric));
  return json;
}

}  // namespace

std::string results_json(const Settings& settings, const Results& results) {
  nlohmann::ordered_json json{{"agate", agate::models::version()}, {"data", results.data},
                              {"task", settings.model.task},       {"model", settings.model.model},
                              {"preset", settings.run.preset},     {"split", results.split},
                              {"metric", results.metric}};
  json["runs"] = nlohmann::ordered_json::array();
  for (const Run& run : results.runs) {
    nlohmann::ordered_json one{{"seed", run.seed},
                               {"fold", nullptr},
                               {"test", run.fit.test.metric},
                               {"val", run.fit.val.metric},
                               {"train", run.fit.train.metric},
                               {"best_epoch", run.fit.best_epoch},
                               {"epochs", run.fit.epochs},
                               {"epoch_ms", epoch_ms(run.fit)},
                               {"seconds", run.fit.seconds},
                               {"metrics", run.fit.test.metrics}};
    if (results.folds > 1) one["fold"] = run.fold;
    if (!run.chosen.empty()) one["grid"] = run.chosen;
    one["metrics"]["loss"] = run.fit.test.loss;
    json["runs"].push_back(std::move(one));
  }
  const Summary test = test_summary(results);
  json["test_mean"] = test.mean;
  json["test_std"] = test.deviation;
  json["metrics"] = nlohmann::ordered_json::object();
  for (const std::string& name : agate::train::metric_names())
    if (const auto summary = further(results, name)) json["metrics"][name] = as_json(*summary);
  if (const auto [raw, fitted] = calibration_errors(results); !fitted.empty())
    json["calibration_error"] = {{"raw", as_json(summarize(raw))},
                                 {"fitted", as_json(summarize(fitted))}};
  const auto labels = label_summaries(results);
  for (std::size_t c = 0; c < labels.size(); ++c)
    json["labels"].push_back({{"label", results.classes[c]},
                              {"known", labels[c].first.known},
                              {"ones", labels[c].first.ones},
                              {"roc_auc", as_json(labels[c].roc_auc)},
                              {"average_precision", as_json(labels[c].average_precision)}});
  if (!results.baselines.empty()) json["baselines"] = baselines_json(results);
  json["parameters"] = results.parameters;
  json["peak_mb"] = results.peak_mb;
  json["peak_rss_mb"] = results.peak_rss_mb;
  json["threads"] = threads_used(settings);
  json["config"] = nlohmann::ordered_json::parse(settings_json(settings));
  return json.dump(2) + "\n";
}

void write_picture(const std::string& path, const agate::data::Dataset& dataset,
                   const agate::Tensor& logits, const std::string& model) {
  agate::check(dataset.task == agate::data::Task::node && dataset.targets.empty(),
               agate::ErrorCode::unsupported, path,
               ": a picture shows one class for each node, and ", dataset.name, " has none");
  agate::explain::PictureOptions options{.predicted = agate::train::predicted_classes(logits),
                                         .title = dataset.name,
                                         .subtitle = "classes as predicted by " + model};
  for (agate::Index i = 0; i < dataset.num_nodes(); ++i)
    if (dataset.y[i] >= 0 && dataset.y[i] != options.predicted[i]) options.wrong.push_back(i);
  agate::io::write_file(path, agate::explain::graph_picture_svg(dataset, options));
}

}  // namespace tool
