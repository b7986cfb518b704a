#pragma once
/// \file
/// What follows the products in a step of an LSTM.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// From the sums of a step, gates (n x 4 H: input gate, forget gate, candidate, output gate, as
/// torch orders them), and the cells before it, cell (n x H), the state after it (n x 2 H):
///   c' = sigmoid(f) * c + sigmoid(i) * tanh(g)   in the columns H .. 2 H - 1
///   h' = sigmoid(o) * tanh(c')                   in the columns 0 .. H - 1.
/// Error(shape) when they do not fit.
Var lstm_gates(const Var& gates, const Var& cell);

}  // namespace AGATE_NAMESPACE
