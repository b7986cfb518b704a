#pragma once
// Attention over the edges of a graph, forward and backward, without ever holding anything of size
// edges x heads x channels.
//
//   s(k, h)   = score of message k (source j -> target i)
//   a(k, h)   = exp(s(k, h)) / sum over the messages of i of exp(s)
//   out(i, h) = sum over the messages k of i of dropout(k, h) * a(k, h) * (values(j, h) [+ edge(k,
//   h)])
//
// The backward pass keeps only lse(i, h) = log sum exp(s) (as FlashAttention does) and recomputes
// the weights. It walks the transposed graph: at source j it gathers the output gradients of the
// targets once and forms from that one read the gradients of the values and of the scores.
//
// Rows of more than `most_messages` are worked on in parts, on as many threads as there are, and
// the parts are put together in their order: neither hubs nor the number of threads change a bit.

#include <agate/core/memory.hpp>

#include "kernels/elementary.hpp"
#include "kernels/scores.hpp"

namespace AGATE_NAMESPACE::kernels {

struct EdgeAttention {
  Index targets = 0, sources = 0;
  const Index* offsets = nullptr;  // messages by target
  const NodeId* source = nullptr;
  const Index* out_offsets = nullptr;  // the same messages by source
  const NodeId* target = nullptr;
  // Of each message in the order by target; null: neither dropout nor edges ask for it.
  const Index* position = nullptr;
  const Index* message_ids = nullptr;  // what dropout counts by, in the order by target
  Index heads = 0, channels = 0;
  EdgeScore score;
  const Real* values = nullptr;       // sources x heads x channels
  const Real* edge_values = nullptr;  // messages x heads x channels; null: none
  Mask mask;

  Index width() const { return heads * channels; }
  Index score_width() const;  // numbers that a source brings to a score
};

// The same sum over the messages with a score above 0 alone serves the gradient of additive scores:
// with it d_target(i) follows from target i alone.
struct EdgeAttentionOutput {
  Real* out = nullptr;        // targets x heads x channels
  Real* lse = nullptr;        // targets x heads
  Real* upper = nullptr;      // targets x heads x channels; null: not wanted
  Real* upper_sum = nullptr;  // targets x heads: the weights in it, before dropout
  Real* weights = nullptr;    // messages x heads, before dropout; null: not wanted
};

void edge_attention(int threads, MemoryPool& pool, const EdgeAttention& a,
                    const EdgeAttentionOutput& to);

// All gradients are overwritten; null ones are not wanted.
struct EdgeAttentionGradient {
  Real* values = nullptr;       // as values
  Real* edge_values = nullptr;  // as edge_values
  Real* target = nullptr;       // as the target scores, or the queries
  Real* source = nullptr;       // as the source scores, or the keys
  Real* edge = nullptr;         // as the edge terms of the score
  Real* bias = nullptr;         // messages x heads
  Real* vector = nullptr;       // heads x channels
};

// `forward` is what edge_attention wrote (upper only where the gradient of additive target scores
// is wanted), `d_out` the gradient of its out.
void edge_attention_backward(int threads, MemoryPool& pool, const EdgeAttention& a,
                             const EdgeAttentionOutput& forward, const Real* d_out,
                             const EdgeAttentionGradient& to);

// The messages first .. first + count - 1 of a row; what is computed of them goes to `slot`.
struct Part {
  Index row, first, count, slot;
};

// Either all rows of an offset array up to a size, or given parts of the longer ones.
struct RowSet {
  static constexpr Index most_messages = 512;
  const Index* offsets;
  const Part* parts = nullptr;

  // A part of no row (row < 0) stands for a row that is worked on in parts.
  Part operator[](Index item) const {
    if (parts) return parts[item];
    const Index first = offsets[item], count = offsets[item + 1] - first;
    return {count > most_messages ? -1 : item, first, count, item};
  }
};

// What the backward kernels read and write. Of a target they read, side by side, its state: [target
// score, for additive scores only | lse | delta], each `heads` long, with
// delta(i, h) = sum over c of d_out(i, h, c) * out(i, h, c); and then padding.
struct BackwardPass {
  const Real* d_out = nullptr;
  const Real* state = nullptr;
  Index state_width = 0;
  EdgeAttentionGradient to;  // `vector` is that of the calling chunk, which is added to
};

namespace scalar {
void attend_rows(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                 const EdgeAttentionOutput& to);
// Rows are sources: writes values and source, and for additive scores edge.
void attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass);
// Rows are targets, scores sums over channels: writes target, edge, bias and edge_values, adds to
// vector.
void attend_targets_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass);
}  // namespace scalar
namespace vectorized {
void attend_rows(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                 const EdgeAttentionOutput& to);
void attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass);
void attend_targets_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
