#pragma once
// What a comparison of models leaves behind: a table on stdout, JSON, a chart.

#include "experiment.hpp"

namespace tool {

struct Compared {
  Settings settings;
  Results results;  // of the runs that ended by themselves
  bool failed = false;
};

// Means over the runs, and the most memory, in MB ("-": not known).
struct Cost {
  double ms = 0, epochs = 0;  // of an epoch; how many
  std::string peak{};
};
Cost cost_of(const Results& results);

// The row with the best mean; -1 where no run has ended.
int best_of(const std::vector<Compared>& rows);

// One line a model, in the order given, the best mean marked.
void print_comparison(const std::vector<Compared>& rows, const Experiment& experiment);

// An array of what `train --json` writes, for every model of which a run has ended.
std::string comparison_json(const std::vector<Compared>& rows);

// A bar for each of those models, as SVG.
std::string comparison_chart(const std::vector<Compared>& rows, const Experiment& experiment);

}  // namespace tool
