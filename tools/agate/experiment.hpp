#pragma once
// What train and compare share: the data and its split, and one model trained on it for each seed.

#include <agate/data/link_fold.hpp>
#include <agate/data/split.hpp>
#include <memory>

#include "progress.hpp"
#include "results.hpp"

namespace tool {

struct Experiment {
  LoadedData loaded;
  std::string split;  // as asked for, or else the usual one of the data
  agate::data::SplitSpec spec;
  agate::Index folds = 1;
};

// Loads the data and says on stderr what it is. From then on an interrupt ends training, not the
// program. Throws Error(usage) for data without classes.
Experiment open_experiment(const RunOptions& run);

// What only the data can tell: the sizes of the network, how features are prepared, the metric.
Settings fitted_to(const Experiment& experiment, Settings s);

// Says on stderr what the model leaves unused.
void note_unused(const Experiment& experiment, const Settings& s);

// The data and split of one run.
agate::data::Fold fold_of(const Experiment& experiment, std::uint64_t seed, agate::Index fold);

// The runs asked for, each on every fold; and trainings in all, one for each point of the grid.
agate::Index num_runs(const Settings& s, const Experiment& experiment);
agate::Index num_trainings(const Settings& s, const Experiment& experiment);

struct Best {
  std::shared_ptr<agate::models::Model> model;
  Run run;
  // By validation alone: the better metric, of equals the lower loss.
  bool beaten_by(const Run& other, const std::string& metric) const;
};

struct Trained {
  Results results;
  Best best;
  // The models of the other runs, which answer together with the best one; of links none.
  std::vector<std::shared_ptr<const agate::models::Model>> others;
};

// Run r has the seed of run r on any other model, and so the same split. In each run the validation
// part chooses the point of the grid; only that one's test score is kept. An interrupt ends the run
// that it meets, which is the last.
Trained train_runs(const Settings& s, const Experiment& experiment, Progress& progress);

// Adds what a model has to beat, on the splits of the runs that there are: what needs no training,
// and of molecules a logistic regression and a perceptron on their fingerprints.
void score_baselines(const Experiment& experiment, const Settings& s, Results& results);

}  // namespace tool
