// The inner loop of graph layers: a weighted sum of gathered rows. Included once per instruction
// set by the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_WEIGHTED_SUM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_WEIGHTED_SUM_INL
#undef AGATE_KERNELS_WEIGHTED_SUM_INL
#else
#define AGATE_KERNELS_WEIGHTED_SUM_INL
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR
namespace hn = hwy::HWY_NAMESPACE;

using Vec = hn::Vec<hn::ScalableTag<Real>>;
inline constexpr Index most_lanes = HWY_MAX_BYTES / sizeof(Real);
// How many edges ahead a row is asked for: about what memory needs to answer.
inline constexpr Index prefetch_distance = 12;
// Rows longer than this many vectors are worked on in column blocks, whose sums stay in registers.
inline constexpr Index most_vectors = 8;

HWY_INLINE Index lanes() { return static_cast<Index>(hn::Lanes(hn::ScalableTag<Real>())); }

// Where the heads of a row of heads x channels numbers lie in its vectors. For vector j, lane l
// belongs to head first[j] + table[j * lanes + l].
struct HeadLayout {
  Index heads, channels, width;
  Index vectors;   // of a row, the last one possibly reaching beyond it
  bool broadcast;  // each vector lies within one head
  std::vector<Index> first;
  std::vector<std::int32_t> table;

  HeadLayout(Index h, Index c) : heads(h), channels(c), width(h * c) {
    const Index n = lanes();
    vectors = (width + n - 1) / n;
    broadcast = heads == 1 || channels % n == 0;
    first.resize(static_cast<std::size_t>(vectors));
    table.resize(static_cast<std::size_t>(vectors * n));
    for (Index j = 0; j < vectors; ++j) {
      first[j] = j * n / channels;
      for (Index l = 0; l < n; ++l)
        table[j * n + l] =
            static_cast<std::int32_t>(std::min(j * n + l, width - 1) / channels - first[j]);
    }
  }
};

// The weights of the heads, spread over the lanes of vector j. `weights` may be read a vector
// beyond its end.
template <bool kBroadcast, class Indices>
HWY_INLINE Vec spread(const HeadLayout& layout, const Real* weights, Index j, Indices indices) {
  const hn::ScalableTag<Real> d;
  if constexpr (kBroadcast) return hn::Set(d, weights[layout.first[j]]);
  return hn::TableLookupLanes(hn::LoadU(d, weights + layout.first[j]), indices);
}

// Stores the first n lanes.
HWY_INLINE void store_part(Vec v, Real* to, Index n) {
  const hn::ScalableTag<Real> d;
  if (n >= lanes()) return hn::StoreU(v, d, to);
  Real part[most_lanes];
  hn::StoreU(v, d, part);
  for (Index l = 0; l < n; ++l) to[l] = part[l];
}

template <Index kVectors>
HWY_INLINE void prefetch_block(const Real* row) {
  constexpr Index line = 64 / sizeof(Real);
  for (Index at = 0; at < kVectors * lanes(); at += line) hwy::Prefetch(row + at);
}

template <Index kVectors, bool kBroadcast>
HWY_INLINE void weighted_sum_block(const HeadLayout& layout, Index block, Index edges,
                                   Index readable, const NodeId* rows, const Real* weights,
                                   Index stride, const Real* table, const Real* head_scale,
                                   Real* out) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes();
  using Indices = decltype(hn::SetTableIndices(d, layout.table.data()));
  // Arrays of vectors: fixed trip counts, so that they live in registers.
  Vec sum[kVectors];
  Indices indices[kVectors];
  for (Index v = 0; v < kVectors; ++v) {
    sum[v] = hn::Zero(d);
    indices[v] = hn::SetTableIndices(d, layout.table.data() + (block + v) * n);
  }
  const Real* column = table + block * n;
  for (Index k = 0; k < edges; ++k) {
    if (k + prefetch_distance < readable)
      prefetch_block<kVectors>(column + Index{rows[k + prefetch_distance]} * layout.width);
    const Real* row = column + Index{rows[k]} * layout.width;
    for (Index v = 0; v < kVectors; ++v) {
      const Vec w = spread<kBroadcast>(layout, weights + k * stride, block + v, indices[v]);
      sum[v] = hn::MulAdd(w, hn::LoadU(d, row + v * n), sum[v]);
    }
  }
  for (Index v = 0; v < kVectors; ++v) {
    if (head_scale)
      sum[v] = hn::Mul(sum[v], spread<kBroadcast>(layout, head_scale, block + v, indices[v]));
    store_part(sum[v], out + (block + v) * n, layout.width - (block + v) * n);
  }
}

// Calls f.template operator()<kVectors>(first vector) for the column blocks of a row.
template <class F>
HWY_INLINE void for_each_block(Index vectors, F&& f) {
  Index block = 0;
  for (; block + most_vectors <= vectors; block += most_vectors)
    f.template operator()<most_vectors>(block);
  switch (vectors - block) {
    case 1:
      return f.template operator()<1>(block);
    case 2:
      return f.template operator()<2>(block);
    case 3:
      return f.template operator()<3>(block);
    case 4:
      return f.template operator()<4>(block);
    case 5:
      return f.template operator()<5>(block);
    case 6:
      return f.template operator()<6>(block);
    case 7:
      return f.template operator()<7>(block);
  }
}

// out[h, c] = head_scale[h] * sum over k < edges of weights[k * stride + h] * table[rows[k], h, c].
// Weights and scales may be read a vector beyond their end; `rows` holds `readable` >= edges
// entries, of which those after the first are prefetched.
inline void weighted_sum(const HeadLayout& layout, Index edges, Index readable, const NodeId* rows,
                         const Real* weights, Index stride, const Real* table,
                         const Real* head_scale, Real* out) {
  for_each_block(layout.vectors, [&]<Index kVectors>(Index block) {
    if (layout.broadcast)
      weighted_sum_block<kVectors, true>(layout, block, edges, readable, rows, weights, stride,
                                         table, head_scale, out);
    else
      weighted_sum_block<kVectors, false>(layout, block, edges, readable, rows, weights, stride,
                                          table, head_scale, out);
  });
}

#endif  // not HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
