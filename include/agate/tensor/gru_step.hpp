#pragma once
/// \file
/// A step of a gated recurrent unit.

#include <agate/tensor/repeated_rows.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE {

/// Of each, the rows of the gates one after the other: reset, update, candidate, as torch has them.
struct GRUWeights {
  Var ih, hh;                               ///< 3 H x inputs, 3 H x H
  std::optional<Var> bias_ih{}, bias_hh{};  ///< 3 H numbers each: both or neither
};

/// From x (n x inputs) and the state h (n x H) the state after it (n x H): with (r, z, c) = ih x +
/// bias_ih and (r', z', c') = hh h + bias_hh
///   (1 - u) tanh(c + sigmoid(r + r') c') + u h,   u = sigmoid(z + z').
/// Products and gates are one pass over blocks of rows, forward and backward; 4 H numbers of each
/// row are kept for the way back. Error(shape) when they do not fit.
Var gru_step(const Var& x, const Var& h, const GRUWeights& weights);
/// The same of h.all(), with the products of a state made once for all rows that share it.
Var gru_step(const Var& x, const RepeatedRows& h, const GRUWeights& weights);

}  // namespace AGATE_NAMESPACE
