#pragma once
/// \file
/// What a model says about the nodes of a dataset, in memory that does not grow with the number of
/// graphs that the dataset packs.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <span>

namespace AGATE_NAMESPACE::models {

/// Logits, nodes x classes, as Model::predict() gives them; of several packed graphs some at a
/// time. `threads` 0: all.
Tensor predict(const Model& model, const data::Dataset& dataset, int threads = 0);

/// The same into the rows of `logits` of the graphs named (ascending), the other rows stay; on
/// `tape`, which is reset. The features must have gone through Model::prepare().
void predict_graphs(const Model& model, Tape& tape, const data::Dataset& dataset,
                    std::span<const Index> graphs, Tensor& logits);

}  // namespace AGATE_NAMESPACE::models
