#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "heat_map.hpp"
#include "molecules.hpp"
#include "predictions.hpp"
#include "results.hpp"
#include "saved_model.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

void write_csv(const std::string& path, const std::string& csv) {
  if (path.empty())
    std::fputs(csv.c_str(), stdout);
  else
    agate::io::write_file(path, csv);
}

// Who should know whom.
int predict_links(const Settings& s, const agate::models::ModelFile& file,
                  const agate::data::Dataset& dataset) {
  agate::check(s.run.picture.empty() && s.run.heat_map.empty(), agate::ErrorCode::unsupported,
               "a model of links draws no picture yet");
  const auto links = likeliest_links(*file.model, dataset, s.run.node, s.run.top,
                                     static_cast<int>(s.train.threads));
  write_csv(s.run.out, links_csv(dataset, links));
  if (!s.run.quiet)
    std::fprintf(stderr, "the %zu likeliest new links of %s\n", links.size(),
                 s.run.node.empty() ? dataset.name.c_str() : s.run.node.c_str());
  return 0;
}

void say_agreement(const agate::data::Dataset& dataset, const agate::Tensor& outputs,
                   double abstain, double seconds) {
  const bool brief = seconds < 1;
  std::fprintf(stderr, "%lld %s predicted in %.3g %s", static_cast<long long>(dataset.num_items()),
               items_of(dataset.task).c_str(), brief ? 1000 * seconds : seconds,
               brief ? "ms" : "s");
  auto known = labelled_items(dataset);
  if (abstain > 0) {
    const agate::Tensor p = agate::softmax(outputs);
    const auto unsure = [&](agate::Index i) {
      return *std::max_element(p.row(i), p.row(i) + p.cols()) < abstain;
    };
    agate::Index count = 0;
    for (agate::Index i = 0; i < p.rows(); ++i) count += unsure(i);
    std::fprintf(stderr, ", %lld of them not told: no class has a probability of %g",
                 static_cast<long long>(count), abstain);
    std::erase_if(known, unsure);
  }
  if (!known.empty() && dataset.regression)
    std::fprintf(stderr, "; of the %zu with a known number the RMSE is %.4f (training included)",
                 known.size(), agate::train::metric("rmse", outputs, dataset, known));
  else if (!known.empty())
    std::fprintf(stderr, "; of the %zu with a known label %.2f %% agree (training %s included)",
                 known.size(), 100 * agate::train::metric("accuracy", outputs, dataset, known),
                 items_of(dataset.task).c_str());
  std::fprintf(stderr, "\n");
}

void say_strangers(const std::vector<double>& likeness) {
  constexpr double far = 0.3;  // below it two molecules share little more than their elements
  const auto strangers = std::ranges::count_if(likeness, [](double v) { return v < far; });
  if (strangers > 0)
    std::fprintf(stderr,
                 "note: %lld of %zu molecules are unlike anything that the model learned from "
                 "(likeness below %.1f)\n",
                 static_cast<long long>(strangers), likeness.size(), far);
}

}  // namespace

int predict(const Settings& s) {
  for (const std::string& path : {s.run.out, s.run.picture, s.run.heat_map})
    if (!path.empty()) agate::io::check_writable(path);
  const auto saved = open_model(s, "predict");
  const auto& file = saved.file();
  const auto loaded = load_for(saved, s);
  const auto& dataset = loaded.dataset;
  if (file.task == "link") return predict_links(s, file, dataset);
  agate::check(s.run.node.empty(), agate::ErrorCode::usage, "node: ", s.run.model,
               " is a model of ", items_of(dataset.task), ", expected one of links");
  agate::check(s.run.abstain == 0 || dataset.targets.empty(), agate::ErrorCode::usage,
               "abstain: ", s.run.model, " tells no class, so there is none to leave out");
  const std::string& model = file.model->config().model;
  check_heat_map(s.run.heat_map, model, dataset);
  const auto start = std::chrono::steady_clock::now();
  const auto said = saved.predict_with_spread(dataset, static_cast<int>(s.train.threads));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const agate::Tensor& outputs = said.outputs;
  std::vector<double> likeness;
  if (loaded.molecules)
    likeness = likeness_to_training(file, *loaded.molecules, static_cast<int>(s.train.threads));
  write_csv(s.run.out, predictions_csv(dataset, said, file.classes, likeness, s.run.abstain));
  if (!s.run.quiet && !likeness.empty()) say_strangers(likeness);
  if (!s.run.picture.empty()) write_picture(s.run.picture, dataset, outputs, model);
  if (!s.run.heat_map.empty())
    write_heat_map(s.run.heat_map, *file.model, dataset, static_cast<int>(s.train.threads), model);
  if (!s.run.quiet) say_agreement(dataset, outputs, s.run.abstain, took.count());
  return 0;
}

}  // namespace tool
