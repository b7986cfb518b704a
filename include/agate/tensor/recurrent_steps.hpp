#pragma once
/// \file
/// All steps of a recurrent layer over sequences of falling length.
///
/// The rows stand step after step, as in torch's PackedSequence: those of step t are rows for the
/// first counts[t] sequences, and counts do not rise. What a sequence brings with it stands in row
/// r of the first states, of which there may be more than counts[0]. One record serves all steps;
/// each sequence stays on one thread, and the gradient of the weights is one product.

#include <agate/tensor/tape.hpp>
#include <optional>
#include <span>

namespace AGATE_NAMESPACE {

/// The recurrent half of GRUWeights (gru_step.hpp).
struct GRURecurrence {
  Var hh;                        ///< 3 H x H
  std::optional<Var> bias_hh{};  ///< 3 H numbers
};

/// What gru_step makes of the sums ih x + bias_ih of each row (rows x 3 H), beginning from h
/// (sequences x H): rows x H, the state after each step. Error(shape) when they do not fit,
/// Error(value) when counts rise or end in less than 1.
Var gru_steps(const Var& sums, const Var& h, std::span<const Index> counts,
              const GRURecurrence& weights);

/// What lstm_gates makes of sums (rows x 4 H) + hh h, hh being 4 H x H, beginning from h and c
/// (sequences x H each): rows x 2 H, the states h and c after each step. Errors as above.
Var lstm_steps(const Var& sums, const Var& h, const Var& c, std::span<const Index> counts,
               const Var& hh);

}  // namespace AGATE_NAMESPACE
