#pragma once
/// \file
/// What follows the products in a step of a gated recurrent unit.

#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE {

/// 3 H numbers each, of the gates one after the other.
struct GRUBiases {
  Var of_input, of_state;
};

/// From the products of a step, input = (r, z, n) and state = (r', z', n') (n x 3 H each: reset
/// gate, update gate, candidate, as torch orders them, to which the biases are added) and the state
/// before it, h (n x H), the state after it (n x H):
///   (1 - u) tanh(n + sigmoid(r + r') n') + u h,   u = sigmoid(z + z').
/// Gates are computed again in the backward pass: nothing is kept but what came in. Error(shape)
/// when they do not fit.
Var gru_gates(const Var& input, const Var& state, const Var& h,
              const std::optional<GRUBiases>& biases = {});

}  // namespace AGATE_NAMESPACE
