#pragma once
// Attention over blocks of queries and keys that all see each other, tile by tile with an online
// softmax (Dao et al. 2022): memory grows with the length, forward and backward.
//
// The formulas are those of edge_attention.hpp. The backward pass keeps lse alone and makes the
// weights again; a unit of its work is a group of keys of one block and head, which owns their
// gradients. Those of the queries are summed group by group in a fixed order.

#include <agate/core/memory.hpp>
#include <cstdint>
#include <span>

#include "kernels/elementary.hpp"
#include "kernels/scores.hpp"

namespace AGATE_NAMESPACE::kernels {

// The queries [query_begin, query_end) see the keys [key_begin, key_end); if causal, the query
// query_begin + i the keys up to key_begin + i. No query and no key is in two blocks.
struct DenseBlock {
  Index query_begin, query_end, key_begin, key_end;
  bool causal;
};

struct DenseAttention {
  Index queries = 0, keys = 0;
  std::span<const DenseBlock> blocks;
  const std::uint8_t* padding = nullptr;  // of each key: 1 where nobody sees it; null: none
  Index heads = 0, channels = 0;
  // Terms of the pairs (`edge` of additive scores, `bias` of others) are heads x queries x keys, or
  // queries x keys for all heads.
  EdgeScore score;
  bool terms_for_all_heads = false;
  const Real* values = nullptr;  // keys x heads x channels
  Mask mask;

  Index width() const { return heads * channels; }
  Index score_channels() const;  // of a query, head by head; 1 for additive scores
  const Real* terms() const;     // of the pairs, or null
};

struct DenseAttentionOutput {
  Real* out = nullptr;      // queries x heads x channels
  Real* lse = nullptr;      // queries x heads
  Real* weights = nullptr;  // heads x queries x keys, before dropout; null: not wanted
};

void dense_attention(int threads, const DenseAttention& a, const DenseAttentionOutput& to);

// All gradients are overwritten; null ones are not wanted.
struct DenseAttentionGradient {
  Real* values = nullptr;  // as values
  Real* target = nullptr;  // as the target scores, or the queries
  Real* source = nullptr;  // as the source scores, or the keys
  Real* terms = nullptr;   // as the terms of the pairs
  Real* vector = nullptr;  // heads x channels of the score
};

void dense_attention_backward(int threads, MemoryPool& pool, const DenseAttention& a,
                              const DenseAttentionOutput& forward, const Real* d_out,
                              const DenseAttentionGradient& to);

}  // namespace AGATE_NAMESPACE::kernels
