#pragma once
// Loops over the few columns of a memory.

#include <agate/attention/memory_access.hpp>
#include <cmath>

namespace AGATE_NAMESPACE {

inline Real sigmoid_of(Real v) { return 1 / (1 + std::exp(-v)); }
inline Real softplus_of(Real v) { return v > 20 ? v : std::log1p(std::exp(v)); }

// Eight sums side by side, then four, which a compiler makes vectors of.
inline Real dot_of(Index n, const Real* a, const Real* b) {
  Real sum[8] = {};
  Index c = 0;
  for (; c + 8 <= n; c += 8)
    for (Index k = 0; k < 8; ++k) sum[k] += a[c + k] * b[c + k];
  for (; c + 4 <= n; c += 4)
    for (Index k = 0; k < 4; ++k) sum[k] += a[c + k] * b[c + k];
  Real rest = 0;
  for (; c < n; ++c) rest += a[c] * b[c];
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])) + rest;
}

// y += factor x.
inline void add_times(Index n, Real factor, const Real* x, Real* y) {
  for (Index c = 0; c < n; ++c) y[c] += factor * x[c];
}

// Sequences in chunks worth a thread.
inline Index sequence_grain(const MemoryHeads& h) {
  return std::max<Index>(1, (1 << 15) / (h.all() * h.rows * (h.columns + 20)));
}

void check_memory_heads(const char* name, const MemoryHeads& heads);
// Throws unless x has the columns, and as many rows as the memory.
void check_memory_input(const char* name, const char* what, const Var& x, Index columns,
                        Index rows);

}  // namespace AGATE_NAMESPACE
