#pragma once
/// \file
/// Attention whose weights are products of features: linear in the length, in time and memory,
/// forward and backward (Katharopoulos, Vyas, Pappas, Fleuret: "Transformers are RNNs", ICML 2020;
/// with random features and the gate: Peng, Pappas, Yogatama, Schwartz, Smith, Kong: "Random
/// Feature Attention", ICLR 2021).
///
///   n(t, h) = sum over the keys s that t sees of w(t, s, h) (phi_q(t, h) . phi_k(s, h)) v(s, h)
///   d(t, h) = sum over the keys s that t sees of w(t, s, h) (phi_q(t, h) . phi_k(s, h))
///   out(t, h) = n(t, h) / d(t, h)
///
/// Without a gate w = 1. With one, g(t, h) = sigmoid(gate(t, h)), what is remembered fades:
///
///   S_t = g_t S_{t-1} + (1 - g_t) phi_k(t) (x) v(t),   n_t = phi_q(t) . S_t,   d_t likewise,
///
/// so that w(t, s) = (1 - g_s) * product of g_u over s < u <= t.

#include <agate/attention/support.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE {

/// What linear_attention() takes beside features and values.
struct LinearAttentionOptions {
  /// keys x heads: logits of the recency gate, on causal supports. A key that is padding neither
  /// adds to what is remembered nor fades it.
  std::optional<Var> gate{};
  /// Features of sine and cosine may make d zero or negative: where |d| < eps it is eps with the
  /// sign of d, and no gradient flows through it.
  Real eps = Real(1e-3);
};

/// phi_q is queries x (heads * features), phi_k keys x (heads * features), values keys x (heads *
/// channels); the result queries x (heads * channels). On any dense support. A query without keys
/// gets zero. NaN comes out in the rows that see it. Bit-identical for any number of threads.
/// Error(shape) when the parts do not fit each other, Error(unsupported) for a graph, or for a gate
/// where queries see later keys, Error(value) unless eps is above 0.
Var linear_attention(const Var& phi_q, const Var& phi_k, const Var& values, Index heads,
                     const Support& support, const LinearAttentionOptions& options = {});

}  // namespace AGATE_NAMESPACE
