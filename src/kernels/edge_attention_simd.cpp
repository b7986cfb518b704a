#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include <limits>
#include <vector>

#include "kernels/edge_attention.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/edge_attention_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/exp-inl.hpp"
#include "kernels/weighted_sum-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::attend_rows;
using kernels::scalar::attend_rows_backward;
#else

using kernels::AdditiveScore;
using kernels::EdgeAttention;
using kernels::EdgeAttentionGradient;
using kernels::EdgeAttentionOutput;

HWY_INLINE Vec activate(const AdditiveScore& score, Vec raw) {
  const hn::ScalableTag<Real> d;
  return hn::IfThenElse(hn::Lt(raw, hn::Zero(d)), hn::Mul(raw, hn::Set(d, score.negative_slope)),
                        raw);
}
HWY_INLINE Vec slope(const AdditiveScore& score, Vec activated) {
  const hn::ScalableTag<Real> d;
  return hn::IfThenElse(hn::Gt(activated, hn::Zero(d)), hn::Set(d, 1),
                        hn::Set(d, score.negative_slope));
}

// The scores of one row, message after message, as one run of numbers. A message takes `stride`
// numbers: its heads, padded so that a whole number of messages fills a whole number of vectors;
// `period` numbers later the pattern of heads repeats.
class ScoreRun {
 public:
  explicit ScoreRun(Index heads) : heads_(heads), stride_(1) {
    const Index n = lanes();
    while (stride_ < heads && stride_ < n) stride_ *= 2;
    if (stride_ < heads) stride_ = (heads + n - 1) / n * n;
    period_ = std::max(stride_, n);
  }
  Index stride() const { return stride_; }
  Index period() const { return period_; }
  // Numbers that `messages` take, rounded up to whole periods.
  Index size(Index messages) const {
    return (messages * stride_ + period_ - 1) / period_ * period_;
  }

  void resize(std::vector<Real>& run, Index messages) const {
    const auto needed = static_cast<std::size_t>(size(messages) + most_lanes);
    if (run.size() < needed) run.resize(2 * needed);
  }
  // One number per head for message k; the padding is 0.
  void put(Real* run, Index k, const Real* of_head) const {
    Real* to = run + k * stride_;
    for (Index h = 0; h < heads_; ++h) to[h] = of_head[h];
    for (Index h = heads_; h < stride_; ++h) to[h] = 0;
  }
  // One number per head, repeated over a period.
  void repeat(std::vector<Real>& pattern, const Real* of_head) const {
    pattern.resize(static_cast<std::size_t>(period_));
    put(pattern.data(), 0, of_head);
    // The period is the stride times a power of two.
    for (Index filled = stride_; filled < period_; filled *= 2)
      std::copy_n(pattern.data(), filled, pattern.data() + filled);
  }
  // Combines the numbers of each head in a period into of_head, by `combine`.
  template <class Combine>
  void fold(const Real* pattern, Real* of_head, Combine combine) const {
    for (Index h = 0; h < heads_; ++h) {
      Real value = pattern[h];
      for (Index at = h + stride_; at < period_; at += stride_) value = combine(value, pattern[at]);
      of_head[h] = value;
    }
  }

 private:
  Index heads_, stride_, period_;
};

// Buffers of one chunk of rows.
struct Scratch {
  std::vector<Real> scores, own, other, weights, d_weights, head;
};

// Runs f(vector of the run, offset within the period) over `size` numbers and stores what it gives.
template <class F>
HWY_INLINE void for_run(const ScoreRun& run, Index size, Real* scores, F&& f) {
  const hn::ScalableTag<Real> d;
  for (Index start = 0; start < size; start += run.period())
    for (Index at = 0; at < run.period(); at += lanes())
      hn::StoreU(f(hn::LoadU(d, scores + start + at), at), d, scores + start + at);
}

// Turns raw scores into exp(s - max), and `head` into the sums and the maxima per head.
HWY_INLINE void exponentials(const EdgeAttention& a, const ScoreRun& run, Index messages,
                             Index target, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index size = run.size(messages), used = messages * run.stride(), heads = a.heads;
  Real* scores = x.scores.data();
  const Real lowest = -std::numeric_limits<Real>::infinity();
  run.repeat(x.own, a.score.target + target * heads);
  x.other.assign(static_cast<std::size_t>(run.period()), lowest);
  std::fill(scores + used, scores + size, lowest);
  for_run(run, size, scores, [&](Vec raw, Index at) HWY_ATTR {
    const Vec s = activate(a.score, hn::Add(raw, hn::LoadU(d, x.own.data() + at)));
    hn::StoreU(hn::Max(hn::LoadU(d, x.other.data() + at), s), d, x.other.data() + at);
    return s;
  });
  x.head.assign(static_cast<std::size_t>(2 * heads + most_lanes), Real(1));
  Real* sums = x.head.data();
  Real* maxima = sums + heads;
  run.fold(x.other.data(), maxima, [](Real p, Real q) { return std::max(p, q); });
  run.repeat(x.own, maxima);
  std::fill(x.other.begin(), x.other.end(), Real(0));
  for_run(run, size, scores, [&](Vec s, Index at) HWY_ATTR {
    const Vec e = exp_or_nan(d, hn::Sub(s, hn::LoadU(d, x.own.data() + at)));
    hn::StoreU(hn::Add(hn::LoadU(d, x.other.data() + at), e), d, x.other.data() + at);
    return e;
  });
  run.fold(x.other.data(), sums, [](Real p, Real q) { return p + q; });
}

void attend_rows(const EdgeAttention& a, Index begin, Index end, const EdgeAttentionOutput& to) {
  const hn::ScalableTag<Real> d;
  const Index heads = a.heads;
  const HeadLayout layout(heads, a.channels);
  const ScoreRun run(heads);
  Scratch x;
  for (Index i = begin; i < end; ++i) {
    const Index first = a.offsets[i], count = a.offsets[i + 1] - first;
    if (count == 0) {
      std::fill_n(to.out + i * layout.width, layout.width, Real(0));
      if (to.lse) std::fill_n(to.lse + i * heads, heads, Real(0));
      continue;
    }
    run.resize(x.scores, count);
    for (Index k = 0; k < count; ++k)
      run.put(x.scores.data(), k, a.score.source + Index{a.source[first + k]} * heads);
    exponentials(a, run, count, i, x);
    Real* sums = x.head.data();
    if (to.lse)
      for (Index h = 0; h < heads; ++h) to.lse[i * heads + h] = sums[heads + h] + std::log(sums[h]);
    for (Index h = 0; h < heads; ++h) sums[h] = 1 / sums[h];
    if (to.weights)
      for (Index k = 0; k < count; ++k)
        for (Index h = 0; h < heads; ++h)
          to.weights[(first + k) * heads + h] = x.scores[k * run.stride() + h] * sums[h];
    if (a.mask.active)
      kernels::dropout_items(a.mask, count, heads, a.message_ids + first, x.scores.data(),
                             run.stride());
    weighted_sum(layout, count, a.offsets[a.targets] - first, a.source + first, x.scores.data(),
                 run.stride(), a.values, sums, to.out + i * layout.width);
  }
}

// Adds to d_weights[h] the sums over the channels of head h of the products of one message, of
// which this block holds the vectors block .. block + kVectors - 1.
template <Index kVectors>
HWY_INLINE void add_head_sums(const HeadLayout& layout, Index block, const Vec* products,
                              Real* d_weights) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes(), channels = layout.channels;
  if (layout.broadcast && (layout.heads == 1 || channels == n)) {
    if (layout.heads > 1) {
      for (Index v = 0; v < kVectors; ++v)
        d_weights[block + v] += hn::GetLane(hn::SumOfLanes(d, products[v]));
      return;
    }
    Vec sum = products[0];
    for (Index v = 1; v < kVectors; ++v) sum = hn::Add(sum, products[v]);
    d_weights[0] += hn::GetLane(hn::SumOfLanes(d, sum));
    return;
  }
  if (layout.broadcast) {
    for (Index v = 0; v < kVectors; ++v)
      d_weights[layout.first[block + v]] += hn::GetLane(hn::SumOfLanes(d, products[v]));
    return;
  }
  alignas(64) Real buffer[kVectors * most_lanes];
  for (Index v = 0; v < kVectors; ++v) hn::StoreU(products[v], d, buffer + v * n);
  const Index from = block * n, to = std::min(layout.width, (block + kVectors) * n);
  if (channels == 8 && from % 8 == 0 && to % 8 == 0) {
    const hn::CappedTag<Real, 8> d8;
    if (hn::Lanes(d8) == 8) {
      for (Index at = from; at < to; at += 8)
        d_weights[at / 8] += hn::GetLane(hn::SumOfLanes(d8, hn::LoadU(d8, buffer + at - from)));
      return;
    }
  }
  for (Index at = from, h = from / channels; at < to; ++h) {
    const Index stop = std::min(to, (h + 1) * channels);
    Real sum = 0;
    for (; at < stop; ++at) sum += buffer[at - from];
    d_weights[h] += sum;
  }
}

// For the messages of source j: d_values(j) += weight * d_out(i), d_weights(k) += d_out(i) .
// value(j) from one read of d_out(i).
template <Index kVectors, bool kBroadcast>
HWY_INLINE void backward_block(const EdgeAttention& a, const HeadLayout& layout, Index block,
                               Index j, Index stride, const EdgeAttentionGradient& g,
                               const Real* weights, Real* d_weights) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes(), first = a.out_offsets[j], count = a.out_offsets[j + 1] - first;
  const Index readable = a.out_offsets[a.sources] - first;
  const NodeId* targets = a.target + first;
  using Indices = decltype(hn::SetTableIndices(d, layout.table.data()));
  Vec sum[kVectors], value[kVectors], product[kVectors];
  Indices indices[kVectors];
  for (Index v = 0; v < kVectors; ++v) {
    sum[v] = hn::Zero(d);
    value[v] = hn::LoadU(d, a.values + j * layout.width + (block + v) * n);
    indices[v] = hn::SetTableIndices(d, layout.table.data() + (block + v) * n);
  }
  // What lies beyond the row belongs to another node, and may be NaN.
  const bool last = (block + kVectors) * n > layout.width;
  const auto inside =
      hn::FirstN(d, static_cast<std::size_t>(last ? layout.width - (block + kVectors - 1) * n : n));
  const Real* column = g.d_out + block * n;
  for (Index k = 0; k < count; ++k) {
    if (k + prefetch_distance < readable)
      prefetch_block<kVectors>(column + Index{targets[k + prefetch_distance]} * layout.width);
    const Real* row = column + Index{targets[k]} * layout.width;
    for (Index v = 0; v < kVectors; ++v) {
      const Vec received = hn::LoadU(d, row + v * n);
      const Vec w = spread<kBroadcast>(layout, weights + k * stride, block + v, indices[v]);
      sum[v] = hn::MulAdd(w, received, sum[v]);
      product[v] = hn::Mul(received, value[v]);
    }
    if (last) product[kVectors - 1] = hn::IfThenElseZero(inside, product[kVectors - 1]);
    add_head_sums<kVectors>(layout, block, product, d_weights + k * stride);
  }
  if (!g.d_values) return;
  for (Index v = 0; v < kVectors; ++v)
    store_part(sum[v], g.d_values + j * layout.width + (block + v) * n,
               layout.width - (block + v) * n);
}

// x.scores becomes the activated scores of the messages of source j, x.weights exp(s - lse) and
// x.own the deltas of their targets.
HWY_INLINE void recompute(const EdgeAttention& a, const ScoreRun& run, Index j,
                          const EdgeAttentionGradient& g, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index first = a.out_offsets[j], count = a.out_offsets[j + 1] - first, heads = a.heads;
  for (auto* buffer : {&x.scores, &x.weights, &x.own, &x.d_weights}) run.resize(*buffer, count);
  for (Index k = 0; k < count; ++k) {
    const Real* state = g.target_state + Index{a.target[first + k]} * 3 * heads;
    if (first + k + prefetch_distance < a.out_offsets[a.sources])
      hwy::Prefetch(g.target_state + Index{a.target[first + k + prefetch_distance]} * 3 * heads);
    run.put(x.scores.data(), k, state);
    run.put(x.weights.data(), k, state + heads);
    run.put(x.own.data(), k, state + 2 * heads);
  }
  run.repeat(x.other, a.score.source + j * heads);
  const Index size = run.size(count), used = count * run.stride();
  for (auto* buffer : {&x.scores, &x.weights, &x.own})
    std::fill(buffer->data() + used, buffer->data() + size, Real(0));
  for (Index start = 0; start < size; start += run.period())
    for (Index at = 0; at < run.period(); at += lanes()) {
      Real* score = x.scores.data() + start + at;
      Real* weight = x.weights.data() + start + at;
      const Vec s =
          activate(a.score, hn::Add(hn::LoadU(d, score), hn::LoadU(d, x.other.data() + at)));
      hn::StoreU(s, d, score);
      hn::StoreU(exp_or_nan(d, hn::Sub(s, hn::LoadU(d, weight))), d, weight);
    }
}

void attend_rows_backward(const EdgeAttention& a, Index begin, Index end,
                          const EdgeAttentionGradient& g) {
  const hn::ScalableTag<Real> d;
  const Index heads = a.heads;
  const HeadLayout layout(heads, a.channels);
  const ScoreRun run(heads);
  Scratch x;
  std::vector<Real> kept;
  std::vector<Index> ids;
  for (Index j = begin; j < end; ++j) {
    const Index first = a.out_offsets[j], count = a.out_offsets[j + 1] - first;
    const Index size = run.size(count);
    recompute(a, run, j, g, x);
    run.resize(kept, count);
    std::fill_n(kept.data(), size, Real(1));
    if (a.mask.active) {
      ids.resize(static_cast<std::size_t>(count));
      for (Index k = 0; k < count; ++k) ids[k] = a.message_ids[a.position[first + k]];
      kernels::dropout_items(a.mask, count, heads, ids.data(), kept.data(), run.stride());
    }
    // The dropped weights take the place of `x.head`; the exact ones are needed once more below.
    run.resize(x.head, count);
    for (Index at = 0; at < size; at += lanes())
      hn::StoreU(hn::Mul(hn::LoadU(d, x.weights.data() + at), hn::LoadU(d, kept.data() + at)), d,
                 x.head.data() + at);
    std::fill_n(x.d_weights.data(), size, Real(0));
    for_each_block(layout.vectors, [&]<Index kVectors>(Index block) {
      if (layout.broadcast)
        backward_block<kVectors, true>(a, layout, block, j, run.stride(), g, x.head.data(),
                                       x.d_weights.data());
      else
        backward_block<kVectors, false>(a, layout, block, j, run.stride(), g, x.head.data(),
                                        x.d_weights.data());
    });
    x.other.assign(static_cast<std::size_t>(run.period()), Real(0));
    const Index used = count * run.stride();
    std::fill(x.weights.data() + used, x.weights.data() + size, Real(0));
    for (Index start = 0; start < size; start += run.period())
      for (Index at = 0; at < run.period(); at += lanes()) {
        const Index o = start + at;
        const Vec inner =
            hn::MulSub(hn::LoadU(d, kept.data() + o), hn::LoadU(d, x.d_weights.data() + o),
                       hn::LoadU(d, x.own.data() + o));
        const Vec ds = hn::Mul(hn::Mul(hn::LoadU(d, x.weights.data() + o), inner),
                               slope(a.score, hn::LoadU(d, x.scores.data() + o)));
        hn::StoreU(ds, d, x.scores.data() + o);
        hn::StoreU(hn::Add(ds, hn::LoadU(d, x.other.data() + at)), d, x.other.data() + at);
      }
    if (g.d_score_source)
      run.fold(x.other.data(), g.d_score_source + j * heads, [](Real p, Real q) { return p + q; });
    if (g.d_score)
      for (Index k = 0; k < count; ++k)
        std::copy_n(x.scores.data() + k * run.stride(), heads,
                    g.d_score + a.position[first + k] * heads);
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(attend_rows);
HWY_EXPORT(attend_rows_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void attend_rows(const EdgeAttention& a, Index begin, Index end, const EdgeAttentionOutput& to) {
  HWY_DYNAMIC_DISPATCH(agate::attend_rows)(a, begin, end, to);
}
void attend_rows_backward(const EdgeAttention& a, Index begin, Index end,
                          const EdgeAttentionGradient& g) {
  HWY_DYNAMIC_DISPATCH(agate::attend_rows_backward)(a, begin, end, g);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
