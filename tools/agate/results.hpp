#pragma once
// What a training leaves behind: a table on stdout, JSON, a CSV of predictions, a picture.

#include <agate/data/catalogue.hpp>
#include <agate/train/trainer.hpp>
#include <string>
#include <vector>

#include "settings.hpp"

namespace tool {

struct Run {
  agate::Index seed = 0, fold = 0;
  std::string chosen;  // the point of the grid; empty: there is none
  agate::Index parameters = 0;
  agate::train::FitResult fit;
};

// What a model has to beat, on the same splits.
struct BaselineRuns {
  std::string name;
  agate::Index parameters = 0;             // 0: needs no training
  std::vector<agate::train::Scores> test;  // of each run
};

struct Results {
  std::string data, split, metric;
  std::vector<std::string> classes;
  agate::Index parameters = 0, folds = 1;
  std::vector<Run> runs;
  std::vector<BaselineRuns> baselines;
  double peak_mb = 0;      // the most that training took above the data; NaN: not known
  double peak_rss_mb = 0;  // the most that the process held
};

struct Summary {
  double mean = 0, deviation = 0;  // of the sample; 0 for a single run
};
Summary summarize(const std::vector<double>& values);
Summary test_summary(const Results& results);  // of the primary metric
// Of a metric over the runs of a baseline.
Summary baseline_summary(const BaselineRuns& baseline, const std::string& metric);
double epoch_ms(const agate::train::EpochsResult& fit);
// "81.50 +- 0.70 %", or without the deviation where there are not many; errors and R2 are no
// percentages.
std::string score_text(const std::string& metric, const Summary& s, bool many);
agate::Index threads_used(const Settings& s);

void print_results(const Settings& settings, const Results& results);
std::string results_json(const Settings& settings, const Results& results);

// The graph coloured by predicted class, nodes with another known label ringed. `model` is for the
// caption.
void write_picture(const std::string& path, const agate::data::Dataset& dataset,
                   const agate::Tensor& logits, const std::string& model);

}  // namespace tool
