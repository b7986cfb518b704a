#pragma once
/// \file
/// Which nodes and edges of a graph a model's answer about it hangs on, and a check of that claim.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// A number for each node and for each edge, by edge id.
struct Attribution {
  std::vector<double> nodes, edges;
};

/// "occlusion", "gradient", "attention".
const std::vector<std::string>& attribution_methods();

/// Why `model` says what it says in column `output` of the one graph in `dataset` (task graph). The
/// answer y that is explained is the number predicted, the logit of a label, or the log-odds of a
/// class; above 0 speaks for it, below 0 against it.
///
/// - `occlusion` (Zeiler and Fergus 2014): y minus the answer about the graph without the node, or
///   without what runs between the two ends of the edge. The only node of a graph: 0.
/// - `gradient` (gradient x input; Shrikumar et al. 2016): the sum over the features of the node,
/// or
///   of the edge, of feature * dy / dfeature; 0 for edges that carry no features.
/// - `attention` (roll-out; Abnar and Zuidema 2020): the share of each node in the readout where
///   half of what a node holds after a layer is its own and half comes by the attention of that
///   layer, mean of its heads; of an edge what runs over it. Never negative, and no part of y: it
///   tells where the model looked.
///
/// Of a readout that pays attention to nodes its weights are where the roll-out begins, otherwise
/// all nodes count the same.
/// Error(usage) for an unknown method, Error(unsupported) for `attention` of a model without it and
/// for another task, Error(shape) for several graphs or a column that does not exist. `threads` 0:
/// all.
Attribution attribute(const std::string& method, const models::Model& model,
                      const data::Dataset& dataset, Index output, int threads = 0);

/// What the answer does when nodes are taken out of the graph: those that an attribution puts first
/// by absolute value, and as many drawn at random. Changes are absolute ones, of the probability or
/// of the number predicted (fidelity+ of Pope et al. 2019).
struct Fidelity {
  Index removed = 0;            ///< nodes, at least 1
  double top = 0;               ///< the change without the nodes that come first
  double random = 0;            ///< the mean change without random ones
  double random_deviation = 0;  ///< of the sample of draws
};

/// How fidelity() measures.
struct FidelityOptions {
  double share = 0.2;  ///< of the nodes that is taken out
  Index draws = 20;
  std::uint64_t seed = 0;
  int threads = 0;
};

/// Error(value) for a graph of fewer than two nodes and for numbers out of range; else as above.
Fidelity fidelity(const models::Model& model, const data::Dataset& dataset, Index output,
                  const std::vector<double>& node_scores, const FidelityOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
