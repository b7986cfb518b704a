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
#include "kernels/pair_score-inl.hpp"
#include "kernels/score_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::attend_rows;
using kernels::scalar::attend_sources_backward;
using kernels::scalar::attend_targets_backward;
#else

using kernels::AdditiveScore;
using kernels::BackwardPass;
using kernels::EdgeAttention;
using kernels::EdgeAttentionOutput;
using kernels::Part;
using kernels::RowSet;

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

// What a thread needs for one part of a row; kept from one call to the next.
struct Scratch {
  HeadLayout layout, score_layout;
  std::vector<Real> scores, weights, kept, other, pattern, own, head;
  std::vector<Index> ids;
};

Scratch& scratch(const EdgeAttention& a) {
  static thread_local Scratch s;
  s.layout.fit(a.heads, a.channels);
  s.score_layout.fit(a.heads, std::max<Index>(1, a.score_width() / a.heads));
  return s;
}

Messages by_target(const EdgeAttention& a, const Part& part) {
  return {a.source + part.first, part.count, a.offsets[a.targets] - part.first, part.first,
          nullptr};
}
Messages by_source(const EdgeAttention& a, const Part& part) {
  return {a.target + part.first, part.count, a.out_offsets[a.sources] - part.first, part.first,
          a.position};
}

// x.kept becomes what dropout makes of a weight of 1: 0 or its scale.
void draw_dropout(const EdgeAttention& a, const ScoreRun& run, const Messages& m, Scratch& x) {
  run.resize(x.kept, m.count);
  std::fill_n(x.kept.data(), run.size(m.count), Real(1));
  if (!a.mask.active) return;
  const Index* ids = a.message_ids + m.first;
  if (m.position) {
    x.ids.resize(static_cast<std::size_t>(m.count));
    for (Index k = 0; k < m.count; ++k) x.ids[k] = a.message_ids[m.at(k)];
    ids = x.ids.data();
  }
  kernels::dropout_items(a.mask, m.count, a.heads, ids, x.kept.data(), run.stride());
}

// Beyond the last message x.scores becomes `padding`, up to a whole period.
HWY_INLINE Index pad(const ScoreRun& run, Index messages, Real padding,
                     std::vector<Real>& numbers) {
  const Index size = run.size(messages), used = messages * run.stride();
  std::fill(numbers.data() + used, numbers.data() + size, padding);
  return size;
}

// x.scores becomes the scores of the messages of a row; `own` is what the row brings to them.
void find_scores(const EdgeAttention& a, const AdditiveScore& s, const ScoreRun& run,
                 const Messages& m, const Real* own, const Real* others, Index others_stride,
                 Scratch& x) {
  const hn::ScalableTag<Real> d;
  run.resize(x.scores, m.count);
  for (Index k = 0; k < m.count; ++k) {
    if (k + prefetch_distance < m.readable)
      hwy::Prefetch(others + Index{m.nodes[k + prefetch_distance]} * others_stride);
    run.put(x.scores.data(), k, others + Index{m.nodes[k]} * others_stride);
  }
  run.repeat(x.pattern, own);
  const Index size = pad(run, m.count, 0, x.scores);
  if (s.edge)
    for (Index k = 0; k < m.count; ++k)
      for (Index h = 0; h < a.heads; ++h)
        x.scores[k * run.stride() + h] += s.edge[m.at(k) * a.heads + h];
  for_run(run, size, x.scores.data(), [&](Vec raw, Index, Index at) HWY_ATTR {
    return activate(s, hn::Add(raw, hn::LoadU(d, x.pattern.data() + at)));
  });
}

template <class Pair>
void find_scores(const EdgeAttention&, const Pair& s, const ScoreRun& run, const Messages& m,
                 bool own_query, Index row, Scratch& x) {
  run.resize(x.scores, m.count);
  std::fill_n(x.scores.data(), run.size(m.count), Real(0));
  pair_terms(s, x.score_layout, m, own_query, row, run.stride(), x.scores.data());
}

// x.scores becomes exp(s - maximum), x.other 1 where s > 0 and 0 elsewhere (if wanted). Of each
// head, `sums` becomes the sum, and behind it the sum above 0, and the maximum.
void exponentials(const ScoreRun& run, Index messages, Index heads, bool upper, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Real lowest = -std::numeric_limits<Real>::infinity();
  const auto period = static_cast<std::size_t>(run.period());
  const Index size = pad(run, messages, lowest, x.scores);
  x.head.resize(static_cast<std::size_t>(3 * heads + most_lanes));
  Real *sums = x.head.data(), *uppers = sums + heads, *maxima = uppers + heads;
  x.own.assign(period, lowest);
  for (Index start = 0; start < size; start += run.period())
    for (Index at = 0; at < run.period(); at += lanes())
      hn::StoreU(
          hn::Max(hn::LoadU(d, x.own.data() + at), hn::LoadU(d, x.scores.data() + start + at)), d,
          x.own.data() + at);
  run.fold(x.own.data(), maxima, [](Real p, Real q) { return std::max(p, q); });
  run.repeat(x.pattern, maxima);
  x.own.assign(2 * period, Real(0));
  Real *sum = x.own.data(), *above_sum = sum + period;
  if (upper) run.resize(x.other, messages);
  for_run(run, size, x.scores.data(), [&](Vec s, Index start, Index at) HWY_ATTR {
    const Vec e = exp_or_nan(d, hn::Sub(s, hn::LoadU(d, x.pattern.data() + at)));
    hn::StoreU(hn::Add(hn::LoadU(d, sum + at), e), d, sum + at);
    if (upper) {
      const auto above = hn::Gt(s, hn::Zero(d));
      hn::StoreU(hn::IfThenElseZero(above, hn::Set(d, 1)), d, x.other.data() + start + at);
      hn::StoreU(hn::Add(hn::LoadU(d, above_sum + at), hn::IfThenElseZero(above, e)), d,
                 above_sum + at);
    }
    return e;
  });
  const auto add = [](Real p, Real q) { return p + q; };
  run.fold(sum, sums, add);
  run.fold(above_sum, uppers, add);
}

void copy_scores(const EdgeAttention& a, const ScoreRun& run, const Messages& m, const Scratch& x,
                 Real* to) {
  for (Index k = 0; k < m.count; ++k)
    std::copy_n(x.scores.data() + k * run.stride(), a.heads, to + (m.first + k) * a.heads);
}

// `times` becomes the product of both runs.
void multiply_run(const ScoreRun& run, Index messages, std::vector<Real>& times,
                  const std::vector<Real>& by) {
  const hn::ScalableTag<Real> d;
  for (Index at = 0; at < run.size(messages); at += lanes())
    hn::StoreU(hn::Mul(hn::LoadU(d, times.data() + at), hn::LoadU(d, by.data() + at)), d,
               times.data() + at);
}

void attend_part(const EdgeAttention& a, const Part& part, const ScoreRun& run,
                 const EdgeAttentionOutput& to, Scratch& x) {
  const Index heads = a.heads, width = a.width(), row = part.row;
  const Messages m = by_target(a, part);
  if (const auto* s = std::get_if<AdditiveScore>(&a.score))
    find_scores(a, *s, run, m, s->target + row * heads, s->source, heads, x);
  else if (const auto* mlp = std::get_if<kernels::AdditiveMlpScore>(&a.score))
    find_scores(a, *mlp, run, m, true, row, x);
  else
    find_scores(a, std::get<kernels::DotScore>(a.score), run, m, true, row, x);
  if (to.weights) copy_scores(a, run, m, x, to.weights);

  exponentials(run, m.count, heads, to.upper != nullptr, x);
  Real *sums = x.head.data(), *uppers = sums + heads, *maxima = uppers + heads;
  for (Index h = 0; h < heads; ++h) to.lse[part.slot * heads + h] = maxima[h] + std::log(sums[h]);
  for (Index h = 0; h < heads; ++h) {
    sums[h] = 1 / sums[h];
    if (to.upper) to.upper_sum[part.slot * heads + h] = uppers[h] * sums[h];
  }
  if (a.mask.active) {
    draw_dropout(a, run, m, x);
    multiply_run(run, m.count, x.scores, x.kept);
  }
  weighted_sum(x.layout, m, x.scores.data(), run.stride(), a.values, a.edge_values, sums,
               to.out + part.slot * width);
  if (!to.upper) return;
  multiply_run(run, m.count, x.other, x.scores);
  weighted_sum(x.layout, m, x.other.data(), run.stride(), a.values, a.edge_values, sums,
               to.upper + part.slot * width);
}

void attend_rows(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                 const EdgeAttentionOutput& to) {
  const ScoreRun run(a.heads);
  Scratch& x = scratch(a);
  for (Index item = begin; item < end; ++item) {
    const Part part = rows[item];
    if (part.row < 0) continue;
    if (part.count > 0) {
      attend_part(a, part, run, to, x);
      continue;
    }
    std::fill_n(to.out + part.slot * a.width(), a.width(), Real(0));
    std::fill_n(to.lse + part.slot * a.heads, a.heads, Real(0));
    if (!to.upper) continue;
    std::fill_n(to.upper + part.slot * a.width(), a.width(), Real(0));
    std::fill_n(to.upper_sum + part.slot * a.heads, a.heads, Real(0));
  }
}

// Of the messages of a row with values `own`: x.weights[k] = d_out of its target . (value of its
// source [+ edge value]). With `sums` also sums = sum over k of x.other[k] * gathered row.
void gather_values(const EdgeAttention& a, const ScoreRun& run, const Messages& m, const Real* own,
                   const Real* table, bool own_values, Real* sums, Scratch& x) {
  run.resize(x.weights, m.count);
  std::fill_n(x.weights.data(), run.size(m.count), Real(0));
  const HeadLayout& layout = x.layout;
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    const RowEnd end(layout, block + kVectors);
    Vec sum[kVectors], mine[kVectors], product[kVectors];
    SpreadIndices<kBroadcast> indices[kVectors];
    load_indices<kVectors, kBroadcast>(layout, block, indices);
    for (Index v = 0; v < kVectors; ++v) {
      sum[v] = hn::Zero(d);
      mine[v] = hn::LoadU(d, own + (block + v) * n);
    }
    for_rows<kVectors>(m, table, layout.width, block, [&](Index k, const Real* row) HWY_ATTR {
      const Real* edge =
          a.edge_values ? a.edge_values + m.at(k) * layout.width + block * n : nullptr;
      for (Index v = 0; v < kVectors; ++v) {
        const Vec theirs = hn::LoadU(d, row + v * n);
        product[v] = hn::Mul(mine[v], theirs);
        if (edge)
          product[v] =
              hn::MulAdd(own_values ? theirs : mine[v], hn::LoadU(d, edge + v * n), product[v]);
      }
      if (sums) {
        const Spread<kBroadcast> weight(layout, x.other.data() + k * run.stride());
        for (Index v = 0; v < kVectors; ++v)
          sum[v] = hn::MulAdd(weight(block + v, indices[v]), hn::LoadU(d, row + v * n), sum[v]);
      }
      end.clear_beyond(product[kVectors - 1]);
      add_head_sums<kVectors>(layout, block, product, x.weights.data() + k * run.stride());
    });
    if (!sums) return;
    for (Index v = 0; v < kVectors; ++v)
      store_part(sum[v], sums + (block + v) * n, layout.width - (block + v) * n);
  });
}

// From x.scores, the scores, and `states`, those of their targets (`stride` 0: one for all):
// x.own becomes exp(s - lse), x.other that times dropout, x.head the deltas.
void find_weights(const EdgeAttention& a, const ScoreRun& run, const Messages& m,
                  const Real* states, Index stride, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index size = run.size(m.count);
  for (auto* buffer : {&x.own, &x.other, &x.head}) run.resize(*buffer, m.count);
  for (Index k = 0; k < m.count; ++k) {
    const Real* lse = states + (stride ? Index{m.nodes[k]} * stride : 0);
    run.put(x.own.data(), k, lse);
    run.put(x.head.data(), k, lse + a.heads);
  }
  pad(run, m.count, 0, x.own);
  pad(run, m.count, 0, x.head);
  draw_dropout(a, run, m, x);
  for (Index at = 0; at < size; at += lanes()) {
    const Vec weight =
        exp_or_nan(d, hn::Sub(hn::LoadU(d, x.scores.data() + at), hn::LoadU(d, x.own.data() + at)));
    hn::StoreU(weight, d, x.own.data() + at);
    hn::StoreU(hn::Mul(weight, hn::LoadU(d, x.kept.data() + at)), d, x.other.data() + at);
  }
}

// x.weights, the products of gather_values, becomes the gradient of the scores.
void find_score_gradients(const ScoreRun& run, const Messages& m, Scratch& x) {
  const hn::ScalableTag<Real> d;
  for_run(
      run, run.size(m.count), x.weights.data(), [&](Vec product, Index start, Index at) HWY_ATTR {
        const Index o = start + at;
        return hn::Mul(
            hn::LoadU(d, x.own.data() + o),
            hn::MulSub(hn::LoadU(d, x.kept.data() + o), product, hn::LoadU(d, x.head.data() + o)));
      });
}

// The last step for additive scores: through LeakyReLU, and summed over the messages.
void finish_additive(const EdgeAttention& a, const AdditiveScore& s, const ScoreRun& run,
                     const Messages& m, Index slot, const BackwardPass& pass, Scratch& x) {
  const hn::ScalableTag<Real> d;
  x.own.assign(static_cast<std::size_t>(run.period()), Real(0));
  pad(run, m.count, 0, x.weights);
  for_run(run, run.size(m.count), x.weights.data(), [&](Vec ds, Index start, Index at) HWY_ATTR {
    const Vec raw = hn::Mul(ds, slope(s, hn::LoadU(d, x.scores.data() + start + at)));
    hn::StoreU(hn::Add(raw, hn::LoadU(d, x.own.data() + at)), d, x.own.data() + at);
    return raw;
  });
  if (pass.to.source)
    run.fold(x.own.data(), pass.to.source + slot * a.heads, [](Real p, Real q) { return p + q; });
  if (!pass.to.edge) return;
  for (Index k = 0; k < m.count; ++k)
    std::copy_n(x.weights.data() + k * run.stride(), a.heads, pass.to.edge + m.at(k) * a.heads);
}

void attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass) {
  const ScoreRun run(a.heads);
  Scratch& x = scratch(a);
  const Index width = a.width(), score_width = a.score_width();
  const Real* states = pass.state + pass.state_width - 2 * a.heads;
  for (Index item = begin; item < end; ++item) {
    const Part part = rows[item];
    if (part.row < 0) continue;
    const Messages m = by_source(a, part);
    const auto* additive = std::get_if<AdditiveScore>(&a.score);
    const auto* mlp = std::get_if<kernels::AdditiveMlpScore>(&a.score);
    const auto* dot = std::get_if<kernels::DotScore>(&a.score);
    if (additive)
      find_scores(a, *additive, run, m, additive->source + part.row * a.heads, pass.state,
                  pass.state_width, x);
    if (mlp) find_scores(a, *mlp, run, m, false, part.row, x);
    if (dot) find_scores(a, *dot, run, m, false, part.row, x);
    find_weights(a, run, m, states, pass.state_width, x);
    gather_values(a, run, m, a.values + part.row * width, pass.d_out, true,
                  pass.to.values ? pass.to.values + part.slot * width : nullptr, x);
    find_score_gradients(run, m, x);
    if (additive) {
      finish_additive(a, *additive, run, m, part.slot, pass, x);
    } else if (pass.to.source) {
      Real* keys = pass.to.source + part.slot * score_width;
      if (mlp)
        pair_key_gradient(*mlp, x.score_layout, m, part.row, run.stride(), x.weights.data(), keys);
      if (dot)
        pair_key_gradient(*dot, x.score_layout, m, part.row, run.stride(), x.weights.data(), keys);
    }
  }
}

template <class Pair>
void attend_target_backward(const EdgeAttention& a, const Pair& s, const ScoreRun& run,
                            const Part& part, const BackwardPass& pass, Scratch& x) {
  const Index width = a.width(), score_width = a.score_width();
  const Messages m = by_target(a, part);
  find_scores(a, s, run, m, true, part.row, x);
  find_weights(a, run, m, pass.state + (part.row + 1) * pass.state_width - 2 * a.heads, 0, x);
  gather_values(a, run, m, pass.d_out + part.row * width, a.values, false, nullptr, x);
  find_score_gradients(run, m, x);
  pair_query_gradient(s, x.score_layout, m, part.row, run.stride(), x.weights.data(),
                      pass.to.target ? pass.to.target + part.slot * score_width : nullptr,
                      pass.to.edge, pass.to.vector);
  if (!pass.to.edge_values) return;
  const Real* d_out = pass.d_out + part.row * width;
  for (Index k = 0; k < m.count; ++k) {
    Real* to = pass.to.edge_values + m.at(k) * width;
    const Real* weight = x.other.data() + k * run.stride();
    for (Index h = 0; h < a.heads; ++h)
      for (Index c = h * a.channels; c < (h + 1) * a.channels; ++c) to[c] = weight[h] * d_out[c];
  }
}

void attend_targets_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass) {
  if (std::holds_alternative<AdditiveScore>(a.score))
    return kernels::scalar::attend_targets_backward(a, rows, begin, end, pass);
  const ScoreRun run(a.heads);
  Scratch& x = scratch(a);
  for (Index item = begin; item < end; ++item) {
    const Part part = rows[item];
    if (part.row < 0) continue;
    if (const auto* mlp = std::get_if<kernels::AdditiveMlpScore>(&a.score))
      attend_target_backward(a, *mlp, run, part, pass, x);
    else
      attend_target_backward(a, std::get<kernels::DotScore>(a.score), run, part, pass, x);
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(attend_rows);
HWY_EXPORT(attend_sources_backward);
HWY_EXPORT(attend_targets_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void attend_rows(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                 const EdgeAttentionOutput& to) {
  HWY_DYNAMIC_DISPATCH(agate::attend_rows)(a, rows, begin, end, to);
}
void attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass) {
  HWY_DYNAMIC_DISPATCH(agate::attend_sources_backward)(a, rows, begin, end, pass);
}
void attend_targets_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass) {
  HWY_DYNAMIC_DISPATCH(agate::attend_targets_backward)(a, rows, begin, end, pass);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
