#pragma once
/// \file
/// Labels of edges as features of messages (Shi et al., "Masked Label Prediction", IJCAI 2021): who
/// is to be told what one trader thinks of another may look at what he thinks of the rest.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>

namespace AGATE_NAMESPACE::models {

/// Columns that labels take: of classes one for each, of labels and numbers two for each (the
/// value, and whether it is known).
Index label_columns(const data::Dataset& dataset);

/// The features of all edges of a dataset of task edge and behind them the labels of those items
/// that `shown` names by position, zeros for the others: edges x (num_edge_features +
/// label_columns). Classes are one-hot; numbers are in units of the model's outputs.
Tensor edge_attr_with_labels(const data::Dataset& dataset, const std::vector<bool>& shown,
                             const Model& model);

/// The dataset as a model wants it: features prepared, and where config().label_input is set the
/// known labels of the items that `shown` names among the features of the edges (nullptr: all).
data::Dataset prepare(const Model& model, const data::Dataset& dataset,
                      const std::vector<bool>* shown = nullptr);

}  // namespace AGATE_NAMESPACE::models
