#pragma once
/// \file
/// What a model says about the items of a dataset, in memory that does not grow with the number of
/// graphs or pairs.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <span>

namespace AGATE_NAMESPACE::models {

/// What Model::forward() says of each item of the dataset, items x outputs; of several packed
/// graphs some at a time, nodes that the layers cannot tell apart once (data::refine: sums of their
/// messages may then be rounded otherwise), of many pairs some at a time. Where messages carry
/// labels (ModelConfig::label_input) no item is told from its own. `threads` 0: all.
Tensor predict(const Model& model, const data::Dataset& dataset, int threads = 0);

/// The same into the rows of `outputs` of the items of the graphs named (tasks node and graph), the
/// other rows stay; on `tape`, which is reset. The features must have gone through
/// Model::prepare().
void predict_graphs(const Model& model, Tape& tape, const data::Dataset& prepared,
                    std::span<const Index> graphs, Tensor& outputs);

/// The same of the pairs named (tasks edge and link).
void predict_pairs(const Model& model, Tape& tape, const data::Dataset& prepared,
                   std::span<const Index> items, Tensor& outputs);

}  // namespace AGATE_NAMESPACE::models
