#pragma once
// Attention over the edges of a graph, forward and backward, without ever holding anything of size
// edges x heads x channels.
//
//   s(k, h)   = score of message k (source j -> target i)
//   a(k, h)   = exp(s(k, h)) / sum over the messages of i of exp(s)
//   out(i, h) = sum over the messages k of i of dropout(k, h) * a(k, h) * values(j, h)
//
// The backward pass keeps only lse(i, h) = log sum exp(s) (as FlashAttention does) and recomputes
// the weights. It walks the transposed graph: at source j it gathers the output gradients of the
// targets once and forms from that one read the gradient of the values and of the scores.

#include <agate/core/memory.hpp>

#include "kernels/elementary.hpp"

namespace AGATE_NAMESPACE::kernels {

// s = LeakyReLU(target(i, h) + source(j, h)). A score is a raw value per message and head, to which
// `activate` is applied; `slope` is its derivative, told from the result.
struct AdditiveScore {
  const Real* target = nullptr;  // targets x heads
  const Real* source = nullptr;  // sources x heads
  Real negative_slope = 0;

  Real activate(Real raw) const { return raw < 0 ? negative_slope * raw : raw; }
  Real slope(Real activated) const { return activated > 0 ? Real(1) : negative_slope; }
};

struct EdgeAttention {
  Index targets = 0, sources = 0;
  const Index* offsets = nullptr;  // messages by target
  const NodeId* source = nullptr;
  const Index* out_offsets = nullptr;  // the same messages by source
  const NodeId* target = nullptr;
  const Index* position = nullptr;     // of each message in the order by target
  const Index* message_ids = nullptr;  // what dropout counts by, in the order by target
  Index heads = 0, channels = 0;
  AdditiveScore score;
  const Real* values = nullptr;  // sources x heads x channels
  Mask mask;
};

struct EdgeAttentionOutput {
  Real* out = nullptr;      // targets x heads x channels
  Real* lse = nullptr;      // targets x heads; null: not wanted
  Real* weights = nullptr;  // messages x heads, before dropout; null: not wanted
};

void edge_attention(int threads, const EdgeAttention& a, const EdgeAttentionOutput& to);

// What the backward pass reads of a target, side by side: [target score | lse | delta], each
// `heads` long, with delta(i, h) = sum over c of d_out(i, h, c) * out(i, h, c).
struct EdgeAttentionGradient {
  const Real* d_out = nullptr;
  const Real* target_state = nullptr;
  Real* d_values = nullptr;        // sources x heads x channels
  Real* d_score_source = nullptr;  // sources x heads
  Real* d_score = nullptr;         // messages x heads, in the order by target
};

// All gradients are overwritten; null ones are not wanted.
void edge_attention_backward(int threads, MemoryPool& pool, const EdgeAttention& a, const Real* out,
                             const Real* lse, const Real* d_out, Real* d_values,
                             Real* d_score_target, Real* d_score_source);

namespace scalar {
void attend_rows(const EdgeAttention& a, Index begin, Index end, const EdgeAttentionOutput& to);
void attend_rows_backward(const EdgeAttention& a, Index begin, Index end,
                          const EdgeAttentionGradient& g);
}  // namespace scalar
namespace vectorized {
void attend_rows(const EdgeAttention& a, Index begin, Index end, const EdgeAttentionOutput& to);
void attend_rows_backward(const EdgeAttention& a, Index begin, Index end,
                          const EdgeAttentionGradient& g);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
