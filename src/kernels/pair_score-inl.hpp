// Scores that are a sum over channels of a term of query and key, for the messages of one row: the
// row brings the query (own_query) or the key, and the others are gathered. Included once per
// instruction set by the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_PAIR_SCORE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_PAIR_SCORE_INL
#undef AGATE_KERNELS_PAIR_SCORE_INL
#else
#define AGATE_KERNELS_PAIR_SCORE_INL
#endif

#include "kernels/edge_attention.hpp"
#include "kernels/rows-inl.hpp"
#include "kernels/scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

// Query and key of one message in one vector, from what the row has and what was gathered.
struct Pairing {
  Vec query, key;
  HWY_INLINE Pairing(bool own_query, Vec own, Vec other, const Real* edge)
      : query(own_query ? own : other), key(own_query ? other : own) {
    if (edge) key = hn::Add(key, hn::LoadU(hn::ScalableTag<Real>(), edge));
  }
};

// The edge terms of message k from vector `block` on, or null.
HWY_INLINE const Real* edge_terms(const kernels::PairScore& s, const HeadLayout& layout,
                                  const Messages& m, Index k, Index block) {
  return s.edge ? s.edge + m.at(k) * layout.width + block * lanes() : nullptr;
}

// Adds the scores of the messages to scores[k * stride + h], which must be 0 at first.
template <class Pair>
void pair_terms(const Pair& s, const HeadLayout& layout, const Messages& m, bool own_query,
                Index row, Index stride, Real* scores) {
  for_each_block(layout.vectors, [&]<Index kVectors>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    const RowEnd end(layout, block + kVectors);
    const Real* mine = (own_query ? s.query : s.key) + row * layout.width + block * n;
    Vec own[kVectors], v[kVectors], product[kVectors];
    for (Index j = 0; j < kVectors; ++j) {
      own[j] = hn::LoadU(d, mine + j * n);
      v[j] = factor(s, (block + j) * n);
    }
    for_rows<kVectors>(m, own_query ? s.key : s.query, layout.width, block,
                       [&](Index k, const Real* other) HWY_ATTR {
                         const Real* edge = edge_terms(s, layout, m, k, block);
                         for (Index j = 0; j < kVectors; ++j) {
                           const Pairing p(own_query, own[j], hn::LoadU(d, other + j * n),
                                           edge ? edge + j * n : nullptr);
                           product[j] = term(s, p.query, p.key, v[j]);
                         }
                         end.clear_beyond(product[kVectors - 1]);
                         add_head_sums<kVectors>(layout, block, product, scores + k * stride);
                       });
  });
}

// to[h, c] = sum over the messages k of source `row` of ds[k * stride + h] * d term / d key.
template <class Pair>
void pair_key_gradient(const Pair& s, const HeadLayout& layout, const Messages& m, Index row,
                       Index stride, const Real* ds, Real* to) {
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    const Real* mine = s.key + row * layout.width + block * n;
    Vec key[kVectors], v[kVectors], sum[kVectors];
    SpreadIndices<kBroadcast> indices[kVectors];
    load_indices<kVectors, kBroadcast>(layout, block, indices);
    for (Index j = 0; j < kVectors; ++j) {
      key[j] = hn::LoadU(d, mine + j * n);
      v[j] = factor(s, (block + j) * n);
      sum[j] = hn::Zero(d);
    }
    for_rows<kVectors>(m, s.query, layout.width, block, [&](Index k, const Real* query) HWY_ATTR {
      const Real* edge = edge_terms(s, layout, m, k, block);
      const Spread<kBroadcast> weight(layout, ds + k * stride);
      for (Index j = 0; j < kVectors; ++j) {
        const Pairing p(false, key[j], hn::LoadU(d, query + j * n), edge ? edge + j * n : nullptr);
        sum[j] = hn::MulAdd(weight(block + j, indices[j]), d_key(s, p.query, p.key, v[j]), sum[j]);
      }
    });
    for (Index j = 0; j < kVectors; ++j)
      store_part(sum[j], to + (block + j) * n, layout.width - (block + j) * n);
  });
}

// For the messages k of target `row`, each null unless wanted:
//   to[h, c] = sum of ds * d term / d query,   d_edge[k, h, c] = ds * d term / d key,
//   d_vector[h, c] += sum of ds * d term / d factor.
template <class Pair>
void pair_query_gradient(const Pair& s, const HeadLayout& layout, const Messages& m, Index row,
                         Index stride, const Real* ds, Real* to, Real* d_edge, Real* d_vector) {
  if (!to && !d_edge && !d_vector) return;
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    const Real* mine = s.query + row * layout.width + block * n;
    Vec query[kVectors], v[kVectors], sum[kVectors], factors[kVectors];
    SpreadIndices<kBroadcast> indices[kVectors];
    load_indices<kVectors, kBroadcast>(layout, block, indices);
    for (Index j = 0; j < kVectors; ++j) {
      query[j] = hn::LoadU(d, mine + j * n);
      v[j] = factor(s, (block + j) * n);
      sum[j] = factors[j] = hn::Zero(d);
    }
    for_rows<kVectors>(m, s.key, layout.width, block, [&](Index k, const Real* key) HWY_ATTR {
      const Real* edge = edge_terms(s, layout, m, k, block);
      const Spread<kBroadcast> weight(layout, ds + k * stride);
      for (Index j = 0; j < kVectors; ++j) {
        const Pairing p(true, query[j], hn::LoadU(d, key + j * n), edge ? edge + j * n : nullptr);
        const Vec w = weight(block + j, indices[j]);
        sum[j] = hn::MulAdd(w, d_query(s, p.query, p.key, v[j]), sum[j]);
        factors[j] = hn::MulAdd(w, d_factor(s, p.query, p.key), factors[j]);
        if (d_edge)
          store_part(hn::Mul(w, d_key(s, p.query, p.key, v[j])),
                     d_edge + m.at(k) * layout.width + (block + j) * n,
                     layout.width - (block + j) * n);
      }
    });
    for (Index j = 0; j < kVectors; ++j) {
      const Index at = (block + j) * n, left = layout.width - at;
      if (to) store_part(sum[j], to + at, left);
      if (d_vector) {
        Real part[most_lanes];
        hn::StoreU(factors[j], d, part);
        for (Index l = 0; l < std::min(n, left); ++l) d_vector[at + l] += part[l];
      }
    }
  });
}

#endif  // not HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
