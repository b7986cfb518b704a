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
  agate::train::FitResult fit;
};

struct Results {
  std::string data, split, metric;
  agate::Index parameters = 0, folds = 1;
  std::vector<Run> runs;
  double peak_mb = 0;      // the most that training took above the data; NaN: not known
  double peak_rss_mb = 0;  // the most that the process held
};

struct Summary {
  double mean = 0, deviation = 0;  // of the sample; 0 for a single run
};
Summary summarize(const std::vector<double>& values);
Summary test_summary(const Results& results);  // of the primary metric
double epoch_ms(const Run& run);
// "81.50 +- 0.70 %", or without the deviation where there are not many.
std::string percent(const Summary& s, bool many);
agate::Index threads_used(const Settings& s);

void print_results(const Settings& settings, const Results& results);
std::string results_json(const Settings& settings, const Results& results);

// One row per node: id, known label if any, predicted label, its probability, that of each class;
// where nodes carry several labels, those known and the probability of each.
std::string predictions_csv(const agate::data::Dataset& dataset, const agate::Tensor& logits,
                            const std::vector<std::string>& classes, bool multi_label);
// The graph coloured by predicted class, nodes with another known label ringed. `model` is for the
// caption.
void write_picture(const std::string& path, const agate::data::Dataset& dataset,
                   const agate::Tensor& logits, const std::string& model);

}  // namespace tool
