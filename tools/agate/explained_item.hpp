#pragma once
// What is said of one item, and its reasons in the user's own names.

#include <agate/explain/attention_ranking.hpp>
#include <agate/explain/item_explanation.hpp>
#include <agate/models/model_file.hpp>
#include <cmath>

#include "settings.hpp"

namespace tool {

struct ExplainedItem {
  std::string name, method;
  std::string target;                   // what was said and is explained
  std::string known;                    // empty: nothing
  double said = 0, spread = 0;          // a probability or a number; spread 0: of one model
  agate::explain::ItemExplanation why;  // mean of the members
  agate::explain::Faithfulness check;   // the same
  std::vector<std::string> features;    // a name for each column
  std::vector<agate::explain::AttentionRanking> ranking;  // of the first member, head by head
};

// The item that --node, --edge or --graph names; `dataset` gets a pair that is no item of it yet.
// Throws Error(not_found) with the nearest ids, Error(usage) for an option that the task does not
// have.
agate::Index item_to_explain(const RunOptions& run, agate::data::Dataset& dataset);

ExplainedItem explain_one(const Settings& s, const agate::models::ModelFile& file,
                          const agate::data::Dataset& dataset, agate::Index item);

inline double probability(double logit) { return 1 / (1 + std::exp(-logit)); }

// "ann - bob", directed "ann -> bob".
std::string edge_name(const agate::data::Dataset& dataset, const agate::Edge& edge);

// Positions of the scores, the greatest by absolute value first, without those that are 0.
std::vector<std::size_t> by_weight(const std::vector<double>& scores);

}  // namespace tool
