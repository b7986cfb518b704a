#pragma once
// The passes of a network over a dataset: over all of it at once, or over batches of its graphs.

#include <agate/models/model.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/trainer.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// What is minimised: the mean over the nodes named.
Var loss_of(const Var& logits, const data::Dataset& dataset, std::span<const Index> nodes);

class Passes {
 public:
  /// `model`, `dataset` and `split` must outlive this.
  Passes(const models::Model& model, const data::Dataset& dataset, const data::Split& split,
         const TrainOptions& options, std::uint64_t seed);

  /// One epoch of steps; the mean loss of the training nodes, or NaN or infinity once a step met
  /// it.
  double train(Optimizer& optimizer, Index epoch);
  /// Logits, nodes x classes, of which the rows of the validation nodes, or of all nodes, count.
  Tensor validate() { return predict(validated_); }
  Tensor predict_all() { return predict(all_); }

 private:
  double step(Optimizer& optimizer, const data::Dataset& part, std::span<const Index> nodes);
  Tensor predict(const std::vector<Index>& graphs);

  const models::Model& model_;
  data::Dataset dataset_;  // its features as the network wants them
  const data::Split& split_;
  Index batch_size_;
  std::uint64_t seed_;
  Tape training_, evaluation_;
  std::vector<Index> trained_, validated_, all_;  // of several graphs, the graphs of each part
  Tensor logits_;                                 // of several graphs
};

}  // namespace AGATE_NAMESPACE::train
