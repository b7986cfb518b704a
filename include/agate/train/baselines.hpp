#pragma once
/// \file
/// What every model has to beat: predictions that need no training.

#include <agate/data/dataset.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// What one of them says.
struct Baseline {
  std::string name;
  Tensor outputs;  ///< items x outputs, as a model of the task would give them
};

/// Of links the heuristics of link_heuristic_names(), on the links to train on. Of edges
/// `mean_label`: an edge u -> v is like the mean of the training edges that u gives and those that
/// v receives, each mean with one more edge that is like all of them; where the parts follow in
/// time (data::follow_in_time) the test edges like that of the validation edges, too. Of nodes and
/// graphs none. `threads` 0: all.
std::vector<Baseline> baselines(const data::Dataset& dataset, const data::Split& split,
                                int threads = 0);

}  // namespace AGATE_NAMESPACE::train
