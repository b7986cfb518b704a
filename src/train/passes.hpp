#pragma once
// The passes of a network over a dataset: over all of it at once, over batches of its graphs, or
// over batches of pairs of its nodes.

#include <agate/models/model.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/trainer.hpp>
#include <memory>
#include <span>
#include <vector>

#include "train/objective.hpp"

namespace AGATE_NAMESPACE::train {

/// What all of them have.
class Passes {
 public:
  virtual ~Passes() = default;
  /// One epoch of steps; the mean loss of the training items, or NaN or infinity once a step met
  /// it.
  virtual double train(Optimizer& optimizer, Index epoch) = 0;
  /// Outputs, items x outputs, of which the rows of the validation items, or of all, count.
  virtual Tensor validate() = 0;
  virtual Tensor predict_all() = 0;

 protected:
  Passes(const models::Model& model, const data::Dataset& dataset, const Objective& objective,
         const TrainOptions& options, std::uint64_t seed);

  /// One step on the items named of `part`, of which `input` was made; its loss.
  double step(Optimizer& optimizer, const models::Input& input, const data::Dataset& part,
              std::span<const Index> items);

  const models::Model& model_;
  data::Dataset dataset_;  // its features as the network wants them
  const Objective& objective_;
  const TrainOptions& options_;
  std::uint64_t seed_;
  Tape training_, evaluation_;
};

/// Those that fit the task; what is named must outlive them. Error(value) for a batch_size where
/// there is nothing to take a part of.
std::unique_ptr<Passes> make_passes(const models::Model& model, const data::Dataset& dataset,
                                    const data::Split& split, const Objective& objective,
                                    const TrainOptions& options, std::uint64_t seed);
std::unique_ptr<Passes> make_graph_passes(const models::Model& model, const data::Dataset& dataset,
                                          const data::Split& split, const Objective& objective,
                                          const TrainOptions& options, std::uint64_t seed);
std::unique_ptr<Passes> make_pair_passes(const models::Model& model, const data::Dataset& dataset,
                                         const data::Split& split, const Objective& objective,
                                         const TrainOptions& options, std::uint64_t seed);

/// What is named, each once, in an order drawn from the seed and the epoch, in groups of `size`
/// (0: one group), each ascending; the last may be smaller.
std::vector<std::vector<Index>> draw_batches(std::vector<Index> all, Index size, std::uint64_t seed,
                                             Index epoch);
/// The same, but that who stand beside each other stay together: only the groups change places.
std::vector<std::vector<Index>> draw_runs(const std::vector<Index>& all, Index size,
                                          std::uint64_t seed, Index epoch);

}  // namespace AGATE_NAMESPACE::train
