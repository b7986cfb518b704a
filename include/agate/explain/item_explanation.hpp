#pragma once
/// \file
/// Why a model says what it says of one node, one edge, one pair of nodes or one graph: which edges
/// of the graph, or around it, and which of the features, the answer hangs on; and a check of that
/// claim.
///
/// All functions may run in any number of threads at once, and give the same for any number of
/// threads that they use.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// "mask", "occlusion", "gradient", "attention".
const std::vector<std::string>& item_methods();

/// GNNExplainer (Ying, Bourgeois, You, Zitnik, Leskovec, NeurIPS 2019) with the coefficients of
/// PyTorch Geometric: the masks m of the edges and f of the features, between 0 and 1, that make
///
///   loss(model with messages times m and features times f, what it says of the whole)
///     + edge_size * sum(m) + edge_ent * mean(H(m)) + feature_size * mean(f)
///     + feature_ent * mean(H(f)),         H(p) = -p log p - (1 - p) log(1 - p)
///
/// small, by Adam. The loss is the cross-entropy of the class predicted, the binary one of a label
/// or a link, and the squared error of a number.
struct MaskOptions {
  Index epochs = 100;
  double lr = 0.01;
  double edge_size = 0.005, edge_ent = 1.0;
  double feature_size = 1.0, feature_ent = 0.1;
  double start = 0;      ///< of the edges, before the sigmoid, but for noise; the paper's code: 1
  bool features = true;  ///< false: of the edges alone
};

/// How explain_item() works.
struct ItemOptions {
  MaskOptions mask{};
  std::uint64_t seed = 0;  ///< of the masks at the start
  int threads = 0;         ///< 0: all
  /// Told after each of the questions that occlusion asks, and each epoch of a mask: how many are
  /// done, and of how many.
  std::function<void(Index done, Index total)> progress{};
};

/// What one message of an edge was weighed by.
struct AttentionWeight {
  Index edge = 0;         ///< the caller's id
  bool reversed = false;  ///< it ran against the direction in which the edge was written
  Index layer = 0, head = 0;
  double weight = 0;
};

/// What the answer about one item hangs on.
struct ItemExplanation {
  Index item = 0, output = 0;
  double answer = 0;                     ///< y
  std::vector<Index> nodes{}, edges{};   ///< the part of the graph that the layers see; ascending
  std::vector<double> edge_scores{};     ///< one for each of `edges`
  std::vector<double> node_scores{};     ///< one for each of `nodes`: gradient, attention
  std::vector<double> feature_scores{};  ///< one for each column of x: all but attention
  /// attention: what the messages of `edges` were weighed by, layer after layer.
  std::vector<AttentionWeight> attention{};
};

/// Why `model` says what it says of item `item` of the dataset in column `output`. The answer y is
/// the number predicted, the logit of a label or of a link, or the log-odds of a class. Looked at
/// are the messages that can reach it: as many steps away as there are layers, all edges of the
/// graph where the model looks at whole graphs. Labels of other edges are there as they are where
/// messages carry them (ModelConfig::label_input), the item's own is not.
///
/// - `mask`: MaskOptions above; an edge, with the messages both ways, and a feature, of all these
///   nodes, have one number each, from 0 to 1.
/// - `occlusion` (Zeiler and Fergus 2014): y minus the answer about the graph without what runs
///   between the two ends of the edge, and y minus the answer where the column of features is 0.
/// - `gradient`: dy / dw for messages times w, at w = 1, and the sum over the nodes of x * dy / dx
///   (gradient x input; Shrikumar et al. 2016).
/// - `attention` (roll-out; Abnar and Zuidema 2020): the share of what the item (of a pair each
///   half, of a graph each node alike) holds that came over the edge, and from the node; never
///   negative, no part of y. Of an edge both directions together.
///
/// Of models that see no edges the features alone are told. Error(usage) for an unknown method,
/// Error(shape) for an item or a column that does not exist, Error(unsupported) for a dataset of
/// another task than the model's, for `attention` of a model that pays none, and for `mask` of one
/// that sees no edges; Error(limit) where `occlusion` would ask more than most_occlusions times and
/// where the features beside each other were more than most_dense_features numbers. Error(value)
/// for options out of range.
ItemExplanation explain_item(const std::string& method, const models::Model& model,
                             const data::Dataset& dataset, Index item, Index output,
                             const ItemOptions& options = {});

/// Whether the layers of a model send messages over edges; of others the features alone are told.
bool sees_edges(const models::Model& model);

/// Of more edges and features than this occlusion does not ask.
constexpr Index most_occlusions = 20'000;
/// The most numbers that the features of the nodes may be where a method needs them beside each
/// other.
constexpr Index most_dense_features = Index{1} << 27;

/// Whether the answer hangs on the edges that an explanation puts first, as
/// torch_geometric.explain.metric.fidelity measures it (Amara et al. 2022), with the edges of the
/// highest scores (of gradients and occlusions the greatest absolute ones) as a mask of 0 and 1 on
/// the messages.
struct Faithfulness {
  Index kept = 0;       ///< edges that come first
  double sparsity = 0;  ///< the share of the others
  /// The change of the probability (or number) without the edges that come first, and with them
  /// alone: the former should be large, the latter small.
  double plus = 0, minus = 0;
  /// "phenomenon": by how much being right about what is known of the item, 0 or 1, changes
  /// without, and with alone; where nothing is known of it, being what was said of the whole graph.
  double plus_label = 0, minus_label = 0;
};

/// `share` of the edges, at least one, is kept; items without edges: all 0. Errors as above, and
/// Error(shape) for an explanation of something else, Error(value) unless 0 < share < 1. Of numbers
/// plus_label and minus_label are NaN.
Faithfulness faithfulness(const models::Model& model, const data::Dataset& dataset,
                          const ItemExplanation& explanation, double share = 0.2, int threads = 0);

}  // namespace AGATE_NAMESPACE::explain
