#pragma once
// What trainings of models of sequences leave behind: tables on stdout, JSON, charts, pages.

#include "results.hpp"
#include "sequences.hpp"

namespace tool {

struct SequenceRun {
  agate::Index seed = 0;
  agate::train::SequenceFit fit;
};

struct SequenceResults {
  SequenceSettings settings;
  std::string data{};
  std::vector<std::string> tests{};  // their names
  std::vector<SequenceRun> runs{};
  std::shared_ptr<const agate::models::SequenceModel> best{};
  agate::train::EpochsResult learning{};  // of the best run
  agate::Index parameters = 0;
  double peak_mb = 0;
  bool failed = false;
};

void print_results(const SequenceResults& results);
void print_comparison(const std::vector<SequenceResults>& rows);

// Of one training as JSON, and its settings, which --config reads back.
std::string results_json(const SequenceResults& results);
std::string comparison_json(const std::vector<SequenceResults>& rows);
std::string settings_json(const SequenceSettings& settings);
// What a saved model keeps of it.
std::string training_summary(const SequenceResults& results);

// How the share of exact sequences falls as they grow, as SVG.
std::string comparison_chart(const std::vector<SequenceResults>& rows);

std::string training_report(const SequenceResults& results);
std::string comparison_report(const std::vector<SequenceResults>& rows);

}  // namespace tool
