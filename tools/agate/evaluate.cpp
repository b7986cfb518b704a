#include <agate/core/error.hpp>
#include <agate/data/link_fold.hpp>
#include <agate/io/file.hpp>
#include <agate/train/calibration.hpp>
#include <agate/train/curves.hpp>
#include <agate/train/metrics.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "predictions.hpp"
#include "report.hpp"
#include "results.hpp"
#include "saved_model.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

using agate::Index;

void print_confusion(const agate::train::Confusion& confusion,
                     const std::vector<std::string>& names) {
  std::printf("\n%-20s %10s %10s %10s %10s\n", "class", "precision", "recall", "f1", "support");
  for (std::size_t c = 0; c < names.size(); ++c) {
    const auto& r = confusion.classes[c];
    std::printf("%-20.20s %10.4f %10.4f %10.4f %10lld\n", names[c].c_str(), r.precision, r.recall,
                r.f1, static_cast<long long>(r.support));
  }
  if (names.size() > 12) return;
  std::printf("\n%-20s", "known \\ predicted");
  for (const auto& name : names) std::printf(" %9.9s", name.c_str());
  std::printf("\n");
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::printf("%-20.20s", names[c].c_str());
    for (Index n : confusion.counts[c]) std::printf(" %9lld", static_cast<long long>(n));
    std::printf("\n");
  }
}

nlohmann::ordered_json print_reliability(const agate::train::Reliability& r) {
  auto bins = nlohmann::ordered_json::array();
  std::printf("\n%-20s %10s %10s %10s\n", "probability", "told", "came true", "answers");
  for (std::size_t k = 0; k < r.bins.size(); ++k) {
    const auto& bin = r.bins[k];
    if (bin.count == 0) continue;
    const auto n = static_cast<double>(r.bins.size());
    char range[32];
    std::snprintf(range, sizeof range, "%.1f to %.1f", static_cast<double>(k) / n,
                  static_cast<double>(k + 1) / n);
    std::printf("%-20s %10.4f %10.4f %10lld\n", range, bin.predicted, bin.observed,
                static_cast<long long>(bin.count));
    bins.push_back({{"told", bin.predicted}, {"came_true", bin.observed}, {"answers", bin.count}});
  }
  std::printf("%-20s %10.4f\n", "calibration error", r.error);
  return {{"error", r.error}, {"bins", bins}};
}

struct Part {
  std::string name;
  std::vector<Index> items;
};

// All labelled items, or the parts of the split asked for; of links `dataset` becomes what the
// split makes of it.
std::vector<Part> parts_of(agate::data::Dataset& dataset, const agate::models::ModelFile& file,
                           const Settings& s) {
  const bool links = dataset.task == agate::data::Task::link;
  agate::check(!links || !s.run.split.empty(), agate::ErrorCode::usage,
               "links are scored against hidden ones: name the --split and the --seed that ",
               s.run.model, " was trained with");
  const auto known = labelled_items(dataset);
  agate::check(links || !known.empty(), agate::ErrorCode::value, dataset.name,
               " has no known label to score against");
  if (s.run.split.empty()) return {{"all", known}};
  const auto spec = agate::data::parse_split(s.run.split);
  agate::check(agate::data::fold_count(dataset, spec) == 1, agate::ErrorCode::usage, "split ",
               s.run.split, " stands for several splits; a saved model was trained on one of them");
  auto fold = make_fold(dataset, file.schema ? &*file.schema : nullptr, spec,
                        static_cast<std::uint64_t>(s.run.seed));
  dataset = std::move(fold.dataset);
  // The training part of links holds no pairs without one to tell them from.
  if (links) return {{"val", fold.split.val}, {"test", fold.split.test}};
  return {{"train", fold.split.train}, {"val", fold.split.val}, {"test", fold.split.test}};
}

agate::data::Split split_of(const std::vector<Part>& parts) {
  agate::data::Split split;
  for (const Part& part : parts)
    (part.name == "test" ? split.test : part.name == "val" ? split.val : split.train) = part.items;
  return split;
}

nlohmann::ordered_json scores_json(const agate::train::Scores& scores) {
  nlohmann::ordered_json json = scores.metrics;
  json["loss"] = scores.loss;
  return json;
}

}  // namespace

int evaluate(const Settings& s) {
  for (const std::string& path : {s.run.json, s.run.report})
    if (!path.empty()) agate::io::check_writable(path);
  const auto model = open_model(s, "evaluate");
  const auto& file = model.file();
  auto dataset = load_for(model, s).dataset;
  const std::string metric = s.train.metric == "auto" ? file.metric : s.train.metric;
  const auto parts = parts_of(dataset, file, s);
  const auto& names = agate::train::metrics_of(dataset);
  const agate::Tensor logits = outputs_of_parts(
      [&](const auto& d) { return model.predict(d, static_cast<int>(s.train.threads)); }, dataset,
      split_of(parts));

  std::printf("%s on %s, split %s\n\n%8s %8s", s.run.model.c_str(), dataset.name.c_str(),
              s.run.split.empty() ? "none" : s.run.split.c_str(), "",
              items_of(dataset.task).c_str());
  for (const std::string& name : names) std::printf(" %17s", name.c_str());
  std::printf(" %10s\n", "loss");
  nlohmann::ordered_json by_part;
  agate::train::Scores last;
  for (const Part& part : parts) {
    if (part.items.empty()) continue;
    last = agate::train::score(logits, dataset, part.items, metric);
    std::printf("%8s %8zu", part.name.c_str(), part.items.size());
    for (const std::string& name : names) {
      const auto found = last.metrics.find(name);
      if (found == last.metrics.end())
        std::printf(" %17s", "-");
      else
        std::printf(" %17.4f", found->second);
    }
    std::printf(" %10.4f\n", last.loss);
    by_part[part.name] = scores_json(last);
  }
  nlohmann::ordered_json json{{"agate", agate::models::version()},
                              {"data", dataset.name},
                              {"task", file.task},
                              {"model", file.model->config().model},
                              {"split", s.run.split.empty() ? "none" : s.run.split},
                              {"metric", metric},
                              {"runs", nlohmann::ordered_json::array()},
                              {"test_mean", last.metric},
                              {"test_std", 0},
                              {"parts", by_part},
                              {"parameters", file.model->num_parameters()}};
  const auto training = nlohmann::ordered_json::parse(file.training, nullptr, false);
  json["runs"].push_back({{"seed", training.is_object() ? training["seed"] : nullptr},
                          {"fold", nullptr},
                          {"test", last.metric},
                          {"metrics", scores_json(last)}});
  for (const auto& [name, value] : last.metrics)
    json["metrics"][name] = {{"mean", value}, {"std", 0}};
  if (!dataset.regression)
    json["reliability"] =
        print_reliability(agate::train::reliability(logits, dataset, parts.back().items));
  if (dataset.targets.empty()) {
    const auto confusion = agate::train::confusion(logits, dataset, parts.back().items);
    print_confusion(confusion, file.classes);
    json["confusion"] = confusion.counts;
    for (std::size_t c = 0; c < file.classes.size(); ++c) {
      const auto& r = confusion.classes[c];
      json["classes"].push_back({{"class", file.classes[c]},
                                 {"precision", r.precision},
                                 {"recall", r.recall},
                                 {"f1", r.f1},
                                 {"support", r.support}});
    }
  }
  if (!s.run.json.empty()) agate::io::write_file(s.run.json, json.dump(2) + "\n");
  if (s.run.report.empty()) return 0;
  Report report(s.run.model + " on " + dataset.name);
  report.paragraph(file.model->config().model + ", trained on " + file.data + "; " + metric + " " +
                   score_text(metric, {last.metric, 0}, false) + " on the " + parts.back().name +
                   " items.");
  report_predictions(report, *file.model, dataset, logits, parts.back().items,
                     "the part " + parts.back().name, static_cast<int>(s.train.threads));
  report.repeat(s.command, settings_json(file));
  agate::io::write_file(s.run.report, report.page());
  std::printf("report written to %s\n", s.run.report.c_str());
  return 0;
}

}  // namespace tool
