#include "kernels/edge_attention.hpp"

#include <agate/core/parallel.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/balance.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

Real raw_score(const EdgeAttention& a, Index target, Index source, Index head) {
  return a.score.target[target * a.heads + head] + a.score.source[source * a.heads + head];
}

Index messages_per_chunk(const EdgeAttention& a) {
  return std::max<Index>(64, (1 << 15) / std::max<Index>(1, a.heads * a.channels));
}

}  // namespace

void scalar::attend_rows(const EdgeAttention& a, Index begin, Index end,
                         const EdgeAttentionOutput& to) {
  const Index heads = a.heads, channels = a.channels;
  std::vector<Real> weights;
  for (Index i = begin; i < end; ++i) {
    const Index first = a.offsets[i], count = a.offsets[i + 1] - first;
    weights.resize(static_cast<std::size_t>(count * heads));
    for (Index h = 0; h < heads; ++h) {
      Real most = -std::numeric_limits<Real>::infinity(), sum = 0;
      for (Index k = 0; k < count; ++k) {
        const Real s = a.score.activate(raw_score(a, i, a.source[first + k], h));
        weights[k * heads + h] = s;
        most = std::max(most, s);
      }
      for (Index k = 0; k < count; ++k) {
        Real& w = weights[k * heads + h];
        w = std::exp(w - most);
        sum += w;
      }
      for (Index k = 0; k < count; ++k) weights[k * heads + h] /= sum;
      if (to.lse) to.lse[i * heads + h] = most + std::log(sum);
    }
    if (to.weights) std::copy(weights.begin(), weights.end(), to.weights + first * heads);
    if (a.mask.active)
      dropout_items(a.mask, count, heads, a.message_ids + first, weights.data(), heads);
    Real* out = to.out + i * heads * channels;
    std::fill_n(out, heads * channels, Real(0));
    for (Index k = 0; k < count; ++k) {
      const Real* value = a.values + Index{a.source[first + k]} * heads * channels;
      for (Index h = 0; h < heads; ++h)
        for (Index c = 0; c < channels; ++c)
          out[h * channels + c] += weights[k * heads + h] * value[h * channels + c];
    }
  }
}

void scalar::attend_rows_backward(const EdgeAttention& a, Index begin, Index end,
                                  const EdgeAttentionGradient& g) {
  const Index heads = a.heads, channels = a.channels, width = heads * channels;
  std::vector<Real> kept(static_cast<std::size_t>(heads));
  for (Index j = begin; j < end; ++j) {
    if (g.d_values) std::fill_n(g.d_values + j * width, width, Real(0));
    if (g.d_score_source) std::fill_n(g.d_score_source + j * heads, heads, Real(0));
    for (Index p = a.out_offsets[j]; p < a.out_offsets[j + 1]; ++p) {
      const Index i = a.target[p], at = a.position[p];
      std::fill(kept.begin(), kept.end(), Real(1));
      if (a.mask.active) dropout_items(a.mask, 1, heads, a.message_ids + at, kept.data(), heads);
      const Real* state = g.target_state + i * 3 * heads;
      for (Index h = 0; h < heads; ++h) {
        const Real s = a.score.activate(state[h] + a.score.source[j * heads + h]);
        const Real weight = std::exp(s - state[heads + h]);
        const Real* d_out = g.d_out + i * width + h * channels;
        const Real* value = a.values + j * width + h * channels;
        Real d_weight = 0;
        for (Index c = 0; c < channels; ++c) {
          d_weight += d_out[c] * value[c];
          if (g.d_values) g.d_values[j * width + h * channels + c] += kept[h] * weight * d_out[c];
        }
        const Real d_score =
            weight * (kept[h] * d_weight - state[2 * heads + h]) * a.score.slope(s);
        if (g.d_score_source) g.d_score_source[j * heads + h] += d_score;
        if (g.d_score) g.d_score[at * heads + h] = d_score;
      }
    }
  }
}

void edge_attention(int threads, const EdgeAttention& a, const EdgeAttentionOutput& to) {
  const BalancedRows rows(a.targets, a.offsets, messages_per_chunk(a));
  parallel_chunks(threads, rows.chunks(), [&](Index chunk) {
    AGATE_KERNEL(attend_rows)(a, rows[chunk].begin, rows[chunk].end, to);
  });
}

void edge_attention_backward(int threads, MemoryPool& pool, const EdgeAttention& a, const Real* out,
                             const Real* lse, const Real* d_out, Real* d_values,
                             Real* d_score_target, Real* d_score_source) {
  const Index heads = a.heads, channels = a.channels;
  auto scratch = [&](Index count) {
    return pool.allocate(sizeof(Real) * static_cast<std::size_t>(count));
  };
  const auto state_block = scratch(a.targets * 3 * heads);
  Real* state = reinterpret_cast<Real*>(state_block.get());
  const Index grain = std::max<Index>(64, (1 << 15) / std::max<Index>(1, heads * channels));
  parallel_for(threads, a.targets, grain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Real* of_target = state + i * 3 * heads;
      for (Index h = 0; h < heads; ++h) {
        const Index row = (i * heads + h) * channels;
        Real delta = 0;
        for (Index c = 0; c < channels; ++c) delta += d_out[row + c] * out[row + c];
        of_target[h] = a.score.target[i * heads + h];
        of_target[heads + h] = lse[i * heads + h];
        of_target[2 * heads + h] = delta;
      }
    }
  });

  const auto score_block = scratch(d_score_target ? a.offsets[a.targets] * heads : 0);
  const EdgeAttentionGradient gradient{.d_out = d_out,
                                       .target_state = state,
                                       .d_values = d_values,
                                       .d_score_source = d_score_source,
                                       .d_score = reinterpret_cast<Real*>(score_block.get())};
  const BalancedRows rows(a.sources, a.out_offsets, messages_per_chunk(a));
  parallel_chunks(threads, rows.chunks(), [&](Index chunk) {
    AGATE_KERNEL(attend_rows_backward)(a, rows[chunk].begin, rows[chunk].end, gradient);
  });

  if (!d_score_target) return;
  const BalancedRows targets(a.targets, a.offsets, (1 << 15) / std::max<Index>(1, heads));
  parallel_chunks(threads, targets.chunks(), [&](Index chunk) {
    for (Index i = targets[chunk].begin; i < targets[chunk].end; ++i) {
      Real* sum = d_score_target + i * heads;
      std::fill_n(sum, heads, Real(0));
      for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p)
        for (Index h = 0; h < heads; ++h) sum[h] += gradient.d_score[p * heads + h];
    }
  });
}

}  // namespace AGATE_NAMESPACE::kernels
