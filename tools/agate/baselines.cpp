// The rows that a model has to beat.

#include <agate/train/baselines.hpp>

#include "experiment.hpp"
#include "molecules.hpp"

namespace tool {

using agate::Index;
using agate::train::Scores;

namespace {

// Of the k-th baseline the score of one run more.
void add(Results& results, std::size_t k, const std::string& name, Index parameters, Scores test) {
  if (results.baselines.size() <= k) results.baselines.push_back({name, parameters, {}});
  results.baselines[k].test.push_back(std::move(test));
}

// Networks that see fingerprints alone; what they leave open are the sizes.
struct Plain {
  const char* name;
  agate::models::ModelConfig config;
  agate::train::TrainOptions options;
};

const std::vector<Plain>& plain_networks() {
  static const std::vector<Plain> all{
      {"fingerprints, logistic regression",
       {.model = "mlp", .layers = 1, .dropout = 0, .normalize = "none"},
       {.epochs = 300, .patience = 30, .lr = 0.01, .weight_decay = 1e-4, .stop = "val_metric"}},
      {"fingerprints, perceptron",
       {.model = "mlp",
        .layers = 2,
        .hidden = 256,
        .dropout = 0.5,
        .activation = "relu",
        .normalize = "none"},
       {.epochs = 300, .patience = 50, .lr = 0.005, .weight_decay = 1e-4, .stop = "val_loss"}}};
  return all;
}

}  // namespace

void score_baselines(const Experiment& experiment, const Settings& s, Results& results) {
  const auto& loaded = experiment.loaded;
  agate::data::Dataset points;
  if (loaded.molecules) points = fingerprint_dataset(loaded.dataset, *loaded.molecules);
  Counter counter(s.run.quiet, "baselines");
  const Index total = std::ssize(results.runs) * std::ssize(plain_networks());
  Index done = 0;
  for (const Run& run : results.runs) {
    const auto seed = static_cast<std::uint64_t>(run.seed);
    const auto data = fold_of(experiment, seed, run.fold);
    std::size_t k = 0;
    for (const auto& [name, outputs] :
         agate::train::baselines(data.dataset, data.split, static_cast<int>(s.train.threads)))
      add(results, k++, name, 0,
          agate::train::score(outputs, data.dataset, data.split.test, results.metric));
    if (!loaded.molecules) continue;
    for (Plain plain : plain_networks()) {
      plain.config.in = points.num_features();
      plain.config.out = points.num_classes();
      plain.config.regression = points.regression;
      plain.options.metric = results.metric;
      plain.options.threads = s.train.threads;
      const auto model = agate::models::make_model(plain.config, seed);
      const auto fit = agate::train::fit(*model, points, data.split, plain.options, seed,
                                         [](const auto&) { return !interrupted(); });
      add(results, k++, plain.name, model->num_parameters(), fit.test);
      counter.show(++done, total);
    }
  }
}

}  // namespace tool
