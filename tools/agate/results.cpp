#include "results.hpp"

#include <sys/resource.h>

#include <agate/core/parallel.hpp>
#include <agate/explain/graph_picture.hpp>
#include <agate/io/csv.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace tool {
namespace {

std::vector<double> collect(const Results& results, double (*get)(const Run&)) {
  std::vector<double> values;
  for (const Run& run : results.runs) values.push_back(get(run));
  return values;
}
double test_accuracy(const Run& run) { return run.fit.test.accuracy; }
double test_f1(const Run& run) { return run.fit.test.macro_f1; }

double epoch_ms(const Run& run) {
  return 1000 * run.fit.seconds / static_cast<double>(std::max<agate::Index>(1, run.fit.epochs));
}

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

agate::Index threads_used(const Settings& s) {
  return s.train.threads > 0 ? s.train.threads : agate::default_threads();
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

void print_results(const Settings& settings, const Results& results) {
  const bool many = results.runs.size() > 1;
  std::printf("\n%6s %8s %8s %10s %10s %10s %10s\n", "seed", "epochs", "best at", "train acc",
              "val acc", "test acc", "ms/epoch");
  const std::size_t shown = results.runs.size() > 12 ? 10 : results.runs.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const Run& run = results.runs[i];
    std::printf("%6lld %8lld %8lld %10.4f %10.4f %10.4f %10.2f\n", static_cast<long long>(run.seed),
                static_cast<long long>(run.fit.epochs), static_cast<long long>(run.fit.best_epoch),
                run.fit.train.accuracy, run.fit.val.accuracy, run.fit.test.accuracy, epoch_ms(run));
  }
  if (shown < results.runs.size())
    std::printf("%6s (%zu more)\n", "...", results.runs.size() - shown);
  const Summary accuracy = summarize(collect(results, test_accuracy));
  const Summary f1 = summarize(collect(results, test_f1));
  if (many)
    std::printf("\ntest accuracy %.2f +- %.2f %%   macro-F1 %.2f +- %.2f %%   (%zu runs)\n",
                100 * accuracy.mean, 100 * accuracy.deviation, 100 * f1.mean, 100 * f1.deviation,
                results.runs.size());
  else
    std::printf("\ntest accuracy %.2f %%   macro-F1 %.2f %%\n", 100 * accuracy.mean, 100 * f1.mean);
  std::printf("%s on %s, split %s, %lld parameters, %lld threads, peak memory %.0f MB\n",
              settings.model.model.c_str(), results.data.c_str(), results.split.c_str(),
              static_cast<long long>(results.parameters),
              static_cast<long long>(threads_used(settings)), peak_rss_mb());
}

std::string results_json(const Settings& settings, const Results& results) {
  nlohmann::ordered_json json{{"agate", agate::models::version()},
                              {"data", results.data},
                              {"task", "node"},
                              {"model", settings.model.model},
                              {"preset", settings.run.preset},
                              {"split", results.split},
                              {"metric", "accuracy"}};
  json["runs"] = nlohmann::ordered_json::array();
  for (const Run& run : results.runs)
    json["runs"].push_back({{"seed", run.seed},
                            {"fold", nullptr},
                            {"test", run.fit.test.accuracy},
                            {"val", run.fit.val.accuracy},
                            {"best_epoch", run.fit.best_epoch},
                            {"epochs", run.fit.epochs},
                            {"epoch_ms", epoch_ms(run)},
                            {"seconds", run.fit.seconds},
                            {"metrics",
                             {{"macro_f1", run.fit.test.macro_f1},
                              {"loss", run.fit.test.loss},
                              {"train_accuracy", run.fit.train.accuracy}}}});
  const Summary accuracy = summarize(collect(results, test_accuracy));
  json["test_mean"] = accuracy.mean;
  json["test_std"] = accuracy.deviation;
  json["metrics"] = {{"macro_f1", as_json(summarize(collect(results, test_f1)))}};
  json["parameters"] = results.parameters;
  json["peak_rss_mb"] = peak_rss_mb();
  json["threads"] = threads_used(settings);
  json["config"] = nlohmann::ordered_json::parse(settings_json(settings));
  return json.dump(2) + "\n";
}

std::string predictions_csv(const agate::data::Dataset& dataset, const agate::Tensor& logits,
                            const std::vector<std::string>& classes) {
  const agate::Tensor p = agate::softmax(logits);
  const auto predicted = agate::train::predicted_classes(logits);
  std::vector<std::string> cells{"id", "label", "predicted", "probability"};
  for (const std::string& name : classes) cells.push_back("p(" + name + ")");
  std::string csv = agate::io::format_csv_row(cells);
  auto number = [](agate::Real v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", static_cast<double>(v));
    return std::string(text);
  };
  for (agate::Index i = 0; i < dataset.num_nodes(); ++i) {
    const int known = dataset.y[i], guess = predicted[i];
    cells = {dataset.node_name(i), known < 0 ? "" : classes[known], guess < 0 ? "" : classes[guess],
             guess < 0 ? "" : number(p.row(i)[guess])};
    for (agate::Index c = 0; c < p.cols(); ++c) cells.push_back(number(p.row(i)[c]));
    csv += agate::io::format_csv_row(cells);
  }
  return csv;
}

void write_picture(const std::string& path, const agate::data::Dataset& dataset,
                   const agate::Tensor& logits, const std::string& model) {
  agate::explain::PictureOptions options{.predicted = agate::train::predicted_classes(logits),
                                         .title = dataset.name,
                                         .subtitle = "classes as predicted by " + model};
  for (agate::Index i = 0; i < dataset.num_nodes(); ++i)
    if (dataset.y[i] >= 0 && dataset.y[i] != options.predicted[i]) options.wrong.push_back(i);
  agate::io::write_file(path, agate::explain::graph_picture_svg(dataset, options));
}

}  // namespace tool
