#pragma once
// What a model says, as CSV.

#include <agate/data/split.hpp>
#include <agate/graph/top_links.hpp>
#include <agate/models/ensemble.hpp>
#include <functional>
#include <string>
#include <vector>

namespace tool {

// One row per item: its id (of an edge those of source and target), then of classes the known label
// if any, the predicted one, its probability and that of each class; of several labels those known
// and the probability of each; of numbers those known and those predicted. Beside what is predicted
// stands its spread where there is one, and last, where it is given, the likeness of each item to
// what the model learned from. A class less likely than `abstain` is not told: its cell is empty.
std::string predictions_csv(const agate::data::Dataset& dataset,
                            const agate::models::EnsembleOutputs& said,
                            const std::vector<std::string>& classes,
                            const std::vector<double>& likeness = {}, double abstain = 0);

// What `predict` says of the items of a split when it knows of labels what was known in training:
// of those to validate and to test on none, of the former once these follow in time.
agate::Tensor outputs_of_parts(
    const std::function<agate::Tensor(const agate::data::Dataset&)>& predict,
    const agate::data::Dataset& dataset, const agate::data::Split& split);

// The likeliest new links of `dataset`, from the best: those of one node, of each node in turn
// ("all"), or, without a name, of all pairs.
std::vector<agate::ScoredLink> likeliest_links(const agate::models::Model& model,
                                               const agate::data::Dataset& dataset,
                                               const std::string& node, agate::Index top,
                                               int threads);

// One row per link: source, target, probability.
std::string links_csv(const agate::data::Dataset& dataset,
                      const std::vector<agate::ScoredLink>& links);

}  // namespace tool
