#pragma once
/// \file
/// What several models say together (Hansen and Salamon 1990; Lakshminarayanan et al. 2017): a
/// better guess than one of them, and by how much they differ a hint of how little is known.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <memory>
#include <span>

namespace AGATE_NAMESPACE::models {

/// What several models say together.
struct EnsembleOutputs {
  /// As the outputs of one model: of numbers the mean, otherwise the logits of the mean
  /// probability.
  Tensor outputs;
  /// The deviation among the members, items x outputs, of numbers or of probabilities; empty for a
  /// single member.
  Tensor spread;
};

/// predict() of each of the members, models of the same data (ModelFile::members), put together.
/// Error(value) without a member.
EnsembleOutputs predict(std::span<const std::shared_ptr<const Model>> members,
                        const data::Dataset& dataset, int threads = 0);

/// The same of outputs that are there; `classes`: each row is one answer among its columns,
/// otherwise each cell is one; `regression`: they are numbers.
EnsembleOutputs combine(std::span<const Tensor> outputs, bool classes, bool regression);

}  // namespace AGATE_NAMESPACE::models
