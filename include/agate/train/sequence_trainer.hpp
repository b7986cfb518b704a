#pragma once
/// \file
/// Training a model of sequences.

#include <agate/data/sequence_data.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/train/trainer.hpp>

namespace AGATE_NAMESPACE::train {

/// How well sequences are said.
struct SequenceScores {
  double exact = 0;     ///< the share of sequences said without an error
  double errors = 0;    ///< per sequence: wrong bits, or the edit distance of symbols
  double accuracy = 0;  ///< the share of elements right, and of ends, given those before
  double loss = 0;      ///< of an element, given those before
};

/// What the model says to the sources, greedily or with a beam, beside the targets.
SequenceScores score(const models::SequenceModel& model, const data::SequencePairs& pairs,
                     const models::DecodeOptions& options = {});

/// What the training of a model of sequences leaves.
struct SequenceFit : EpochsResult {
  SequenceScores val;
  std::vector<SequenceScores> tests;  ///< one for each of the data's
  Index sequences = 0;                ///< trained on, in all epochs
};

/// Fits `model` to the training pairs by teacher forcing, options.batch_size pairs per step (0:
/// 32), in an order drawn from the seed and the epoch. The validation metric is the share of
/// sequences exact; the metric, class_weight and the options of links do not count. Otherwise as
/// fit(): the stopping rule, the weights kept, errors, bits.
SequenceFit fit_sequences(models::SequenceModel& model, const data::SequenceData& data,
                          const TrainOptions& options, std::uint64_t seed,
                          const std::function<bool(const EpochReport&)>& on_epoch = {});

/// What a model of sequences is trained with unless told otherwise. `drawn`: its pairs are drawn
/// anew in every epoch, so that it needs no dropout.
void apply_sequence_preset(models::SequenceConfig& config, TrainOptions& options, bool drawn);

}  // namespace AGATE_NAMESPACE::train
