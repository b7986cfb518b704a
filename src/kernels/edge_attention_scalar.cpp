#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/edge_attention.hpp"
#include "kernels/scores_scalar.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

// The score of message k from source j to target i.
struct Score {
  const EdgeAttention& a;
  Index i, j, k, h;

  Real operator()(const AdditiveScore& s) const {
    const Real edge = s.edge ? s.edge[k * a.heads + h] : 0;
    return scalar::activate(s, s.target[i * a.heads + h] + s.source[j * a.heads + h] + edge);
  }
  template <class Pair>
  Real operator()(const Pair& s) const {
    Real sum = 0;
    for (Index c = h * s.channels; c < (h + 1) * s.channels; ++c)
      sum += scalar::term(s, s.query[i * a.score_width() + c], key(s, c), scalar::factor(s, c));
    return s.bias ? sum + s.bias[k * a.heads + h] : sum;
  }
  Real key(const PairScore& s, Index c) const {
    return s.key[j * a.score_width() + c] + (s.edge ? s.edge[k * a.score_width() + c] : 0);
  }
};

Real value(const EdgeAttention& a, Index j, Index k, Index c) {
  return a.values[j * a.width() + c] + (a.edge_values ? a.edge_values[k * a.width() + c] : 0);
}

// What the backward pass knows of one message and head.
struct Flow {
  Real kept_weight, d_score;
  Score score;
};

// Calls visit(flow) for message k from j to i, head by head.
template <class Visit>
void visit_heads(const EdgeAttention& a, const BackwardPass& pass, Index i, Index j, Index k,
                 std::vector<Real>& kept, Visit visit) {
  const Index heads = a.heads, channels = a.channels;
  kept.assign(static_cast<std::size_t>(heads), Real(1));
  if (a.mask.active) dropout_items(a.mask, 1, heads, a.message_ids + k, kept.data(), heads);
  const bool additive = std::holds_alternative<AdditiveScore>(a.score);
  const Real* lse = pass.state + i * pass.state_width + (additive ? heads : 0);
  const Real* delta = lse + heads;
  for (Index h = 0; h < heads; ++h) {
    const Score score{a, i, j, k, h};
    const Real weight = std::exp(std::visit(score, a.score) - lse[h]);
    Real d_weight = 0;
    for (Index c = h * channels; c < (h + 1) * channels; ++c)
      d_weight += pass.d_out[i * a.width() + c] * value(a, j, k, c);
    visit(Flow{kept[h] * weight, weight * (kept[h] * d_weight - delta[h]), score});
  }
}

}  // namespace

void scalar::attend_rows(const EdgeAttention& a, const RowSet& rows, Index begin, Index end,
                         const EdgeAttentionOutput& to) {
  const Index heads = a.heads, channels = a.channels, width = a.width();
  std::vector<Real> weights, above;
  for (Index item = begin; item < end; ++item) {
    const auto [row, first, count, slot] = rows[item];
    if (row < 0) continue;
    weights.resize(static_cast<std::size_t>(count * heads));
    above.assign(weights.size(), Real(0));
    for (Index h = 0; h < heads; ++h) {
      Real most = -std::numeric_limits<Real>::infinity(), sum = 0, upper = 0;
      for (Index k = 0; k < count; ++k) {
        const Score score{a, row, a.source[first + k], first + k, h};
        const Real s = weights[k * heads + h] = std::visit(score, a.score);
        if (to.weights) to.weights[(first + k) * heads + h] = s;
        above[k * heads + h] = s > 0;
        most = std::max(most, s);
      }
      for (Index k = 0; k < count; ++k) {
        Real& w = weights[k * heads + h];
        w = std::exp(w - most);
        sum += w;
        upper += w * above[k * heads + h];
      }
      for (Index k = 0; k < count; ++k) weights[k * heads + h] /= sum;
      to.lse[slot * heads + h] = count > 0 ? most + std::log(sum) : 0;
      if (to.upper) to.upper_sum[slot * heads + h] = count > 0 ? upper / sum : 0;
    }
    if (a.mask.active)
      dropout_items(a.mask, count, heads, a.message_ids + first, weights.data(), heads);
    Real* out = to.out + slot * width;
    std::fill_n(out, width, Real(0));
    if (to.upper) std::fill_n(to.upper + slot * width, width, Real(0));
    for (Index k = 0; k < count; ++k)
      for (Index h = 0; h < heads; ++h)
        for (Index c = h * channels; c < (h + 1) * channels; ++c) {
          const Real v = weights[k * heads + h] * value(a, a.source[first + k], first + k, c);
          out[c] += v;
          if (to.upper) to.upper[slot * width + c] += above[k * heads + h] * v;
        }
  }
}

void scalar::attend_sources_backward(const EdgeAttention& a, const RowSet& rows, Index begin,
                                     Index end, const BackwardPass& pass) {
  const Index heads = a.heads, channels = a.channels, width = a.width(),
              score_width = a.score_width();
  std::vector<Real> kept;
  for (Index item = begin; item < end; ++item) {
    const auto [j, first, count, slot] = rows[item];
    if (j < 0) continue;
    if (pass.to.values) std::fill_n(pass.to.values + slot * width, width, Real(0));
    if (pass.to.source) std::fill_n(pass.to.source + slot * score_width, score_width, Real(0));
    for (Index p = first; p < first + count; ++p) {
      const Index i = a.target[p], k = a.position ? a.position[p] : p;
      visit_heads(a, pass, i, j, k, kept, [&](const Flow& flow) {
        const Index h = flow.score.h;
        if (pass.to.values)
          for (Index c = h * channels; c < (h + 1) * channels; ++c)
            pass.to.values[slot * width + c] += flow.kept_weight * pass.d_out[i * width + c];
        if (const auto* s = std::get_if<AdditiveScore>(&a.score)) {
          const Real d = flow.d_score * slope(*s, flow.score(*s));
          if (pass.to.source) pass.to.source[slot * heads + h] += d;
          if (pass.to.edge) pass.to.edge[k * heads + h] = d;
          return;
        }
        if (!pass.to.source) return;
        visit_pair(a.score, [&](const auto& s) {
          for (Index c = h * s.channels; c < (h + 1) * s.channels; ++c)
            pass.to.source[slot * score_width + c] +=
                flow.d_score *
                d_key(s, s.query[i * score_width + c], flow.score.key(s, c), factor(s, c));
        });
      });
    }
  }
}

void scalar::attend_targets_backward(const EdgeAttention& a, const RowSet& rows, Index begin,
                                     Index end, const BackwardPass& pass) {
  const Index channels = a.channels, width = a.width(), score_width = a.score_width();
  std::vector<Real> kept;
  for (Index item = begin; item < end; ++item) {
    const auto [i, first, count, slot] = rows[item];
    if (i < 0) continue;
    const bool pairs = !std::holds_alternative<AdditiveScore>(a.score);
    if (pairs && pass.to.target)
      std::fill_n(pass.to.target + slot * score_width, score_width, Real(0));
    for (Index k = first; k < first + count; ++k)
      visit_heads(a, pass, i, a.source[k], k, kept, [&](const Flow& flow) {
        const Index h = flow.score.h;
        if (pass.to.edge_values)
          for (Index c = h * channels; c < (h + 1) * channels; ++c)
            pass.to.edge_values[k * width + c] = flow.kept_weight * pass.d_out[i * width + c];
        if (pass.to.bias) pass.to.bias[k * a.heads + h] = flow.d_score;
        visit_pair(a.score, [&](const auto& s) {
          for (Index c = h * s.channels; c < (h + 1) * s.channels; ++c) {
            const Real q = s.query[i * score_width + c], key = flow.score.key(s, c),
                       v = factor(s, c);
            if (pass.to.target)
              pass.to.target[slot * score_width + c] += flow.d_score * d_query(s, q, key, v);
            if (pass.to.edge)
              pass.to.edge[k * score_width + c] = flow.d_score * d_key(s, q, key, v);
            if (pass.to.vector) pass.to.vector[c] += flow.d_score * d_factor(s, q, key);
          }
        });
      });
  }
}

}  // namespace AGATE_NAMESPACE::kernels
