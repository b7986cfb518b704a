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

using kernels::BackwardPass;
using kernels::EdgeAttention;
using kernels::EdgeAttentionOutput;
using kernels::Part;
using kernels::RowSet;

// Of what is read of the other ends before the rows themselves, a few numbers each, so much is
// asked for ahead.
constexpr Index small_prefetch_distance = 96;

// What a thread needs for one part of a row; kept from one call to the next.
struct Scratch {
  const HeadLayout *layout = nullptr, *score_layout = nullptr;
  // Runs: scores; exp(score - lse), times dropout; dropout; products; delta of the target.
  std::vector<Real> scores, weights, dropped, kept, products, deltas;
  std::vector<Real> own, head;
  std::vector<Index> ids;
};

Scratch& scratch(const EdgeAttention& a) {
  static thread_local Scratch s;
  s.layout = &layout_of(a.heads, a.channels);
  s.score_layout = &layout_of(a.heads, a.score_width() / a.heads);
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

// Calls visit(k, row of node k in a narrow table).
template <class Visit>
HWY_INLINE void for_narrow_rows(const Messages& m, const Real* rows, Index width, Visit&& visit) {
  constexpr Index line = 64 / sizeof(Real);
  for (Index k = 0; k < m.count; ++k) {
    if (k + small_prefetch_distance < m.readable) {
      const Real* ahead = rows + Index{m.nodes[k + small_prefetch_distance]} * width;
      for (Index at = 0; at < width; at += line) hwy::Prefetch(ahead + at);
    }
    visit(k, rows + Index{m.nodes[k]} * width);
  }
}

// Beyond the last message the run becomes `padding`, up to a whole period; its size.
HWY_INLINE Index pad(const ScoreRun& run, Index messages, Real padding,
                     std::vector<Real>& numbers) {
  const Index size = run.size(messages);
  for (Index o = messages * run.stride(); o < size; ++o) numbers[o] = padding;
  return size;
}

// x.kept becomes what dropout makes of a weight of 1: 0 or its scale.
void draw_dropout(const EdgeAttention& a, const ScoreRun& run, const Messages& m, Scratch& x) {
  run.resize(x.kept, m.count);
  std::fill_n(x.kept.data(), run.size(m.count), Real(1));
  const Index* ids = a.message_ids + m.first;
  if (m.position) {
    x.ids.resize(static_cast<std::size_t>(m.count));
    for (Index k = 0; k < m.count; ++k) x.ids[k] = a.message_ids[m.at(k)];
    ids = x.ids.data();
  }
  kernels::dropout_items(a.mask, m.count, a.heads, ids, x.kept.data(), run.stride());
}

void multiply_run(Index size, std::vector<Real>& times, const std::vector<Real>& by) {
  const hn::ScalableTag<Real> d;
  for (Index o = 0; o < size; o += lanes())
    hn::StoreU(hn::Mul(hn::LoadU(d, times.data() + o), hn::LoadU(d, by.data() + o)), d,
               times.data() + o);
}

// Adds to x.scores what each message brings of its own, a number for each head.
void add_edge_numbers(const EdgeAttention& a, const Real* numbers, const ScoreRun& run,
                      const Messages& m, Scratch& x) {
  if (!numbers) return;
  for (Index k = 0; k < m.count; ++k)
    for (Index h = 0; h < a.heads; ++h)
      x.scores[k * run.stride() + h] += numbers[m.at(k) * a.heads + h];
}

// x.scores becomes the scores of the messages of a row.
void find_scores(const EdgeAttention& a, const ScoreRun& run, const Messages& m, bool own_query,
                 Index row, Scratch& x) {
  run.resize(x.scores, m.count);
  std::fill_n(x.scores.data(), run.size(m.count), Real(0));
  kernels::visit_pair(a.score, [&](const auto& s) {
    pair_terms(s, *x.score_layout, m, own_query, row, run.stride(), x.scores.data());
    add_edge_numbers(a, s.bias, run, m, x);
  });
}
// Additive scores still lack what the row itself brings, x.own, and the activation.
void gather_scores(const EdgeAttention& a, const AdditiveScore& s, const ScoreRun& run,
                   const Messages& m, Index row, Scratch& x) {
  run.resize(x.scores, m.count);
  run.repeat(x.own, s.target + row * a.heads);
  for_narrow_rows(m, s.source, a.heads, [&](Index k, const Real* source) HWY_ATTR {
    run.put(x.scores.data(), k, source);
  });
  add_edge_numbers(a, s.edge, run, m, x);
}

// From x.scores: x.weights becomes exp(s - maximum), and x.dropped the same where s > 0 and 0
// elsewhere, if `upper`. Of each head x.head becomes 1 / sum; written are lse and the share of the
// sum that lies above 0.
template <class Finish>
HWY_INLINE void exponentials(const ScoreRun& run, Index messages, Index slot, Index heads,
                             const EdgeAttentionOutput& to, Scratch& x, Finish&& finish_score) {
  const hn::ScalableTag<Real> d;
  const Vec zero = hn::Zero(d), lowest = hn::Set(d, -std::numeric_limits<Real>::infinity());
  const auto add = [](Vec p, Vec q) HWY_ATTR { return hn::Add(p, q); };
  const auto larger = [](Vec p, Vec q) HWY_ATTR { return hn::Max(p, q); };
  run.resize(x.weights, messages);
  if (to.upper) run.resize(x.dropped, messages);
  if (std::ssize(x.head) < run.period() + most_lanes)
    x.head.resize(static_cast<std::size_t>(run.period() + most_lanes));
  const Index size = run.size(messages), used = messages * run.stride();
  for (Index at = 0; at < run.period() && at < std::max(heads, lanes()); at += lanes()) {
    Vec most = lowest;
    for_run(run, size, at, [&](Index o) HWY_ATTR {
      Vec s = finish_score(hn::LoadU(d, x.scores.data() + o), at);
      // The padding must not count.
      if (o + lanes() > used)
        s = hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(std::max<Index>(0, used - o))), s,
                           lowest);
      hn::StoreU(s, d, x.scores.data() + o);
      most = hn::Max(most, s);
    });
    most = run.all_lanes(most, larger);
    Vec sum = zero, above = zero;
    for_run(run, size, at, [&](Index o) HWY_ATTR {
      const Vec s = hn::LoadU(d, x.scores.data() + o);
      const Vec e = exp_or_nan(d, hn::Sub(s, most));
      hn::StoreU(e, d, x.weights.data() + o);
      sum = hn::Add(sum, e);
      if (to.upper) {
        const Vec counted = hn::IfThenElseZero(hn::Gt(s, zero), e);
        hn::StoreU(counted, d, x.dropped.data() + o);
        above = hn::Add(above, counted);
      }
    });
    sum = run.all_lanes(sum, add);
    const Vec inverse = hn::Div(hn::Set(d, 1), sum);
    hn::StoreU(inverse, d, x.head.data() + at);
    if (at >= heads) continue;
    run.store_heads(hn::Add(most, log_or_nan(d, sum)), at, to.lse + slot * heads);
    if (to.upper)
      run.store_heads(hn::Mul(run.all_lanes(above, add), inverse), at, to.upper_sum + slot * heads);
  }
}

void attend_part(const EdgeAttention& a, const Part& part, const ScoreRun& run,
                 const EdgeAttentionOutput& to, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index width = a.width();
  const Messages m = by_target(a, part);
  if (const auto* s = std::get_if<AdditiveScore>(&a.score)) {
    gather_scores(a, *s, run, m, part.row, x);
    exponentials(run, m.count, part.slot, a.heads, to, x, [&](Vec raw, Index at) HWY_ATTR {
      return activate(*s, hn::Add(raw, hn::LoadU(d, x.own.data() + at)));
    });
  } else {
    find_scores(a, run, m, true, part.row, x);
    exponentials(run, m.count, part.slot, a.heads, to, x,
                 [](Vec score, Index) HWY_ATTR { return score; });
  }
  if (to.weights)
    for (Index k = 0; k < m.count; ++k)
      std::copy_n(x.scores.data() + k * run.stride(), a.heads,
                  to.weights + (m.first + k) * a.heads);
  if (a.mask.active) {
    draw_dropout(a, run, m, x);
    multiply_run(run.size(m.count), x.weights, x.kept);
    if (to.upper) multiply_run(run.size(m.count), x.dropped, x.kept);
  }
  const SumTo sums[] = {{x.weights.data(), to.out + part.slot * width},
                        {x.dropped.data(), to.upper ? to.upper + part.slot * width : nullptr}};
  const auto sum = to.upper ? weighted_sums<2> : weighted_sums<1>;
  sum(*x.layout, m, run.stride(), a.values, a.edge_values, x.head.data(), sums);
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

// Of the messages of a row with values `own`: x.products[k] = d_out of its target . (value of its
// source [+ edge value]). With `sums` also sums = sum over k of weights[k] * gathered row.
void gather_values(const EdgeAttention& a, const ScoreRun& run, const Messages& m, const Real* own,
                   const Real* table, bool own_values, const Real* weights, Real* sums,
                   Scratch& x) {
  run.resize(x.products, m.count);
  const HeadLayout& layout = *x.layout;
  if (adds_head_sums(layout)) std::fill_n(x.products.data(), run.size(m.count), Real(0));
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    const RowEnd end(layout, block + kVectors);
    Vec sum[kVectors], mine[kVectors], theirs[kVectors], product[kVectors];
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
        theirs[v] = hn::LoadU(d, row + v * n);
        product[v] = hn::Mul(mine[v], theirs[v]);
        if (edge)
          product[v] =
              hn::MulAdd(own_values ? theirs[v] : mine[v], hn::LoadU(d, edge + v * n), product[v]);
      }
      if (sums) {
        const Spread<kBroadcast> weight(layout, weights + k * run.stride());
        for (Index v = 0; v < kVectors; ++v)
          sum[v] = hn::MulAdd(weight(block + v, indices[v]), theirs[v], sum[v]);
      }
      end.clear_beyond(product[kVectors - 1]);
      add_head_sums<kVectors>(layout, block, product, x.products.data() + k * run.stride());
    });
    if (!sums) return;
    for (Index v = 0; v < kVectors; ++v)
      store_part(sum[v], sums + (block + v) * n, layout.width - (block + v) * n);
  });
  pad(run, m.count, 0, x.products);
}

// x.weights holds the lse of the messages: it becomes exp(score - lse). The weights after dropout
// are returned.
const Real* finish_weights(const EdgeAttention& a, const ScoreRun& run, const Messages& m,
                           Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index size = run.size(m.count);
  for (Index o = 0; o < size; o += lanes())
    hn::StoreU(exp_or_nan(d, hn::Sub(hn::LoadU(d, x.scores.data() + o),
                                     hn::LoadU(d, x.weights.data() + o))),
               d, x.weights.data() + o);
  if (!a.mask.active) return x.weights.data();
  draw_dropout(a, run, m, x);
  run.resize(x.dropped, m.count);
  std::copy_n(x.weights.data(), size, x.dropped.data());
  multiply_run(size, x.dropped, x.kept);
  return x.dropped.data();
}

// The gradient of the scores at offset o of the run.
HWY_INLINE Vec score_gradient(const EdgeAttention& a, const Scratch& x, Index o) {
  const hn::ScalableTag<Real> d;
  Vec d_weight = hn::LoadU(d, x.products.data() + o);
  if (a.mask.active) d_weight = hn::Mul(d_weight, hn::LoadU(d, x.kept.data() + o));
  return hn::Mul(hn::LoadU(d, x.weights.data() + o),
                 hn::Sub(d_weight, hn::LoadU(d, x.deltas.data() + o)));
}

void attend_source_backward(const EdgeAttention& a, const AdditiveScore& s, const ScoreRun& run,
                            const Part& part, const BackwardPass& pass, Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index heads = a.heads, width = a.width();
  const Messages m = by_source(a, part);
  for (auto* numbers : {&x.scores, &x.weights, &x.deltas}) run.resize(*numbers, m.count);
  run.repeat(x.own, s.source + part.row * heads);
  for_narrow_rows(m, pass.state, pass.state_width, [&](Index k, const Real* state) HWY_ATTR {
    run.put(x.scores.data(), k, state);
    run.put(x.weights.data(), k, state + heads);
    run.put(x.deltas.data(), k, state + 2 * heads);
  });
  add_edge_numbers(a, s.edge, run, m, x);
  for (auto* numbers : {&x.scores, &x.weights, &x.deltas}) pad(run, m.count, 0, *numbers);
  const Index size = run.size(m.count);
  for (Index at = 0; at < run.period(); at += lanes())
    for_run(run, size, at, [&](Index o) HWY_ATTR {
      const Vec raw = hn::Add(hn::LoadU(d, x.scores.data() + o), hn::LoadU(d, x.own.data() + at));
      hn::StoreU(activate(s, raw), d, x.scores.data() + o);
    });
  const Real* weights = finish_weights(a, run, m, x);
  gather_values(a, run, m, a.values + part.row * width, pass.d_out, true, weights,
                pass.to.values ? pass.to.values + part.slot * width : nullptr, x);
  pad(run, m.count, 0, x.weights);
  for (Index at = 0; at < run.period() && at < std::max(heads, lanes()); at += lanes()) {
    Vec sum = hn::Zero(d);
    for_run(run, size, at, [&](Index o) HWY_ATTR {
      const Vec ds = hn::Mul(score_gradient(a, x, o), slope(s, hn::LoadU(d, x.scores.data() + o)));
      hn::StoreU(ds, d, x.products.data() + o);
      sum = hn::Add(sum, ds);
    });
    if (pass.to.source && at < heads)
      run.store_heads(run.all_lanes(sum, [](Vec p, Vec q) HWY_ATTR { return hn::Add(p, q); }), at,
                      pass.to.source + part.slot * heads);
  }
  if (!pass.to.edge) return;
  for (Index k = 0; k < m.count; ++k)
    std::copy_n(x.products.data() + k * run.stride(), heads, pass.to.edge + m.at(k) * heads);
}

// x.products becomes the gradient of the scores of a pair score; the weights after dropout are
// returned. The row is a source (own_query false) or a target.
const Real* pair_backward(const EdgeAttention& a, const ScoreRun& run, const Messages& m,
                          bool own_query, Index row, const BackwardPass& pass, Real* values,
                          Scratch& x) {
  const hn::ScalableTag<Real> d;
  const Index heads = a.heads, width = a.width();
  find_scores(a, run, m, own_query, row, x);
  run.resize(x.weights, m.count);
  run.resize(x.deltas, m.count);
  auto put = [&](Index k, const Real* state) HWY_ATTR {
    run.put(x.weights.data(), k, state);
    run.put(x.deltas.data(), k, state + heads);
  };
  if (own_query)
    for (Index k = 0; k < m.count; ++k) put(k, pass.state + row * pass.state_width);
  else
    for_narrow_rows(m, pass.state, pass.state_width, put);
  pad(run, m.count, 0, x.weights);
  pad(run, m.count, 0, x.deltas);
  const Real* weights = finish_weights(a, run, m, x);
  gather_values(a, run, m, (own_query ? pass.d_out : a.values) + row * width,
                own_query ? a.values : pass.d_out, !own_query, weights, values, x);
  for (Index o = 0; o < run.size(m.count); o += lanes())
    hn::StoreU(score_gradient(a, x, o), d, x.products.data() + o);
  return weights;
}

template <class Pair>
void attend_source_backward(const EdgeAttention& a, const Pair& s, const ScoreRun& run,
                            const Part& part, const BackwardPass& pass, Scratch& x) {
  const Messages m = by_source(a, part);
  pair_backward(a, run, m, false, part.row, pass,
                pass.to.values ? pass.to.values + part.slot * a.width() : nullptr, x);
  if (pass.to.source)
    pair_key_gradient(s, *x.score_layout, m, part.row, run.stride(), x.products.data(),
                      pass.to.source + part.slot * a.score_width());
}

void attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                             const BackwardPass& pass) {
  const ScoreRun run(a.heads);
  Scratch& x = scratch(a);
  for (Index item = begin; item < end; ++item)
    if (const Part part = rows[item]; part.row >= 0)
      std::visit([&](const auto& s) { attend_source_backward(a, s, run, part, pass, x); }, a.score);
}

template <class Pair>
void attend_target_backward(const EdgeAttention& a, const Pair& s, const ScoreRun& run,
                            const Part& part, const BackwardPass& pass, Scratch& x) {
  const Index width = a.width();
  const Messages m = by_target(a, part);
  const Real* weights = pair_backward(a, run, m, true, part.row, pass, nullptr, x);
  pair_query_gradient(s, *x.score_layout, m, part.row, run.stride(), x.products.data(),
                      pass.to.target ? pass.to.target + part.slot * a.score_width() : nullptr,
                      pass.to.edge, pass.to.vector);
  if (pass.to.bias)
    for (Index k = 0; k < m.count; ++k)
      std::copy_n(x.products.data() + k * run.stride(), a.heads, pass.to.bias + m.at(k) * a.heads);
  if (!pass.to.edge_values) return;
  const Real* d_out = pass.d_out + part.row * width;
  for (Index k = 0; k < m.count; ++k) {
    Real* to = pass.to.edge_values + m.at(k) * width;
    const Real* weight = weights + k * run.stride();
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
    kernels::visit_pair(a.score,
                        [&](const auto& s) { attend_target_backward(a, s, run, part, pass, x); });
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
