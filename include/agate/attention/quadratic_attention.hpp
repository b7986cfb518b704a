#pragma once
/// \file
/// Scaled dot-product attention in its plain form, which holds the score of every pair: what the
/// tiled form of attend() is checked against and measured beside. Use attend().

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// softmax(query key^T / sqrt(channels)) values, head by head, on all pairs or (causal) those of
/// query i and the keys 0 .. i. Shapes as in ScaledDotScore. Memory: heads x queries x keys,
/// several times. Error(shape) when the parts do not fit each other.
Var quadratic_attention(const Var& query, const Var& key, const Var& values, Index heads,
                        bool causal = false);

}  // namespace AGATE_NAMESPACE
