// Gathered rows of heads x channels numbers: their weighted sums, and sums over the channels of
// each head. Included once per instruction set by the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_ROWS_INL
#undef AGATE_KERNELS_ROWS_INL
#else
#define AGATE_KERNELS_ROWS_INL
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
inline constexpr Index prefetch_distance = 32;

HWY_INLINE Index lanes() { return static_cast<Index>(hn::Lanes(hn::ScalableTag<Real>())); }

// Where the heads of a row of heads x channels numbers lie in its vectors. For vector j, lane l
// belongs to head first[j] + table[j * lanes + l].
struct HeadLayout {
  Index heads = 0, channels = 0, width = 0;
  Index vectors = 0;       // of a row, the last one possibly reaching beyond it
  bool broadcast = false;  // each vector lies within one head
  bool together = false;   // the numbers of all heads fit into one vector: first[j] is 0
  std::vector<Index> first;
  std::vector<std::int32_t> table;

  HeadLayout() = default;
  HeadLayout(Index h, Index c) : heads(h), channels(c), width(h * c) {
    const Index n = lanes();
    vectors = (width + n - 1) / n;
    broadcast = heads == 1 || channels % n == 0;
    together = !broadcast && heads <= n;
    first.assign(static_cast<std::size_t>(vectors), 0);
    table.resize(static_cast<std::size_t>(vectors * n));
    for (Index j = 0; j < vectors; ++j) {
      if (!together) first[j] = j * n / channels;
      for (Index l = 0; l < n; ++l)
        table[j * n + l] =
            static_cast<std::int32_t>(std::min(j * n + l, width - 1) / channels - first[j]);
    }
  }
};

// The layout, kept by each thread for the next calls: the layers of a network take turns. It stays
// until two others have been asked for.
inline const HeadLayout& layout_of(Index heads, Index channels) {
  constexpr std::size_t kept = 8;
  static thread_local HeadLayout layouts[kept];
  static thread_local std::size_t next = 0;
  for (std::size_t at = 0; at < kept; ++at) {
    if (layouts[at].heads != heads || layouts[at].channels != channels) continue;
    // What was just asked for is not the next to go.
    if (at == next % kept) ++next;
    return layouts[at];
  }
  HeadLayout& made = layouts[next++ % kept];
  made = HeadLayout(heads, channels);
  return made;
}

// The messages that a row is computed from: the nodes at their other ends.
struct Messages {
  const NodeId* nodes;
  Index count;
  Index readable;         // entries of nodes that exist; those after the first count are prefetched
  Index first;            // number of the first message in the order of `nodes`
  const Index* position;  // number of message first + k in the order by target; null: first + k

  Index at(Index k) const { return position ? position[first + k] : first + k; }
};

// The weights of the heads of one message, spread over the lanes of vectors. They may be read a
// vector beyond their end.
template <bool kBroadcast>
class Spread {
 public:
  using Indices =
      decltype(hn::SetTableIndices(hn::ScalableTag<Real>(), (const std::int32_t*)nullptr));
  HWY_INLINE Spread(const HeadLayout& layout, const Real* weights)
      : layout_(layout), weights_(weights) {
    if constexpr (!kBroadcast) all_ = hn::LoadU(hn::ScalableTag<Real>(), weights);
  }
  HWY_INLINE Vec operator()(Index vector, Indices indices) const {
    const hn::ScalableTag<Real> d;
    if constexpr (kBroadcast) return hn::Set(d, weights_[layout_.first[vector]]);
    if (layout_.together) return hn::TableLookupLanes(all_, indices);
    return hn::TableLookupLanes(hn::LoadU(d, weights_ + layout_.first[vector]), indices);
  }

 private:
  const HeadLayout& layout_;
  const Real* weights_;
  Vec all_;
};

template <bool kBroadcast>
using SpreadIndices = typename Spread<kBroadcast>::Indices;

// Stores the first n lanes.
HWY_INLINE void store_part(Vec v, Real* to, Index n) {
  const hn::ScalableTag<Real> d;
  if (n >= lanes()) return hn::StoreU(v, d, to);
  Real part[most_lanes];
  hn::StoreU(v, d, part);
  for (Index l = 0; l < n; ++l) to[l] = part[l];
}

// Calls visit(k, pointer to vector `block` of the row of node k) for all messages.
template <Index kVectors, class Visit>
HWY_INLINE void for_rows(const Messages& m, const Real* rows, Index width, Index block,
                         Visit&& visit) {
  constexpr Index line = 64 / sizeof(Real);
  const Real* column = rows + block * lanes();
  for (Index k = 0; k < m.count; ++k) {
    if (k + prefetch_distance < m.readable) {
      const Real* ahead = column + Index{m.nodes[k + prefetch_distance]} * width;
      for (Index at = 0; at < kVectors * lanes(); at += line) hwy::Prefetch(ahead + at);
    }
    visit(k, column + Index{m.nodes[k]} * width);
  }
}

// Calls f.template operator()<kVectors>(first vector) for the column blocks of a row, each of so
// few vectors that their sums stay in registers.
template <class F>
HWY_INLINE void for_each_block(Index vectors, F&& f) {
  Index block = 0;
  for (; block + 8 <= vectors; block += 8) f.template operator()<8>(block);
  if (vectors - block >= 4) {
    f.template operator()<4>(block);
    block += 4;
  }
  if (vectors - block >= 2) {
    f.template operator()<2>(block);
    block += 2;
  }
  if (vectors > block) f.template operator()<1>(block);
}

// Sums of neighbouring lanes, those of `low` first.
HWY_INLINE Vec pair_sums(Vec low, Vec high) {
  const hn::ScalableTag<Real> d;
  return hn::Add(hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low));
}

// The sums of each kChannels neighbouring lanes, side by side in the first vectors.
template <Index kVectors, Index kChannels>
HWY_INLINE void fold(Vec* v) {
  if constexpr (kChannels > 1) {
    for (Index i = 0; i < kVectors / 2; ++i) v[i] = pair_sums(v[2 * i], v[2 * i + 1]);
    if constexpr (kVectors % 2 == 1)
      v[kVectors / 2] = pair_sums(v[kVectors - 1], hn::Zero(hn::ScalableTag<Real>()));
    fold<(kVectors + 1) / 2, kChannels / 2>(v);
  }
}

template <Index kVectors, Index kChannels>
HWY_INLINE void store_folded(Vec* v, Real* to) {
  const hn::ScalableTag<Real> d;
  fold<kVectors, kChannels>(v);
  const Index sums = kVectors * lanes() / kChannels;
  if (sums < lanes()) {
    hn::BlendedStore(v[0], hn::FirstN(d, static_cast<std::size_t>(sums)), d, to);
    return;
  }
  for (Index i = 0; i < kVectors / kChannels; ++i) hn::StoreU(v[i], d, to + i * lanes());
}

// Whether add_head_sums adds to what is there, which must be 0 at first.
HWY_INLINE bool adds_head_sums(const HeadLayout& layout) {
  const Index c = layout.channels;
  return layout.broadcast || c > 8 || c > lanes() || (c & (c - 1)) != 0;
}

// Sums over the channels of each head of the products of one row, of which this block holds the
// vectors block .. block + kVectors - 1: written to, or, where a head reaches over several blocks,
// added to head_sums[h]. What lies beyond the row must be 0.
template <Index kVectors>
HWY_INLINE void add_head_sums(const HeadLayout& layout, Index block, Vec* products,
                              Real* head_sums) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes(), channels = layout.channels;
  if (layout.broadcast) {
    Vec sum = products[0];
    Index head = layout.first[block];
    for (Index v = 1; v < kVectors; ++v) {
      if (layout.first[block + v] != head) {
        head_sums[head] += hn::GetLane(hn::SumOfLanes(d, sum));
        head = layout.first[block + v];
        sum = products[v];
      } else {
        sum = hn::Add(sum, products[v]);
      }
    }
    head_sums[head] += hn::GetLane(hn::SumOfLanes(d, sum));
    return;
  }
  Real* to = head_sums + block * n / channels;
  if (channels == 1) return store_folded<kVectors, 1>(products, to);
  if (channels == 2 && n >= 2) return store_folded<kVectors, 2>(products, to);
  if (channels == 4 && n >= 4) return store_folded<kVectors, 4>(products, to);
  if (channels == 8 && n >= 8) return store_folded<kVectors, 8>(products, to);
  alignas(64) Real buffer[kVectors * most_lanes];
  for (Index v = 0; v < kVectors; ++v) hn::StoreU(products[v], d, buffer + v * n);
  const Index from = block * n, end = std::min(layout.width, (block + kVectors) * n);
  for (Index at = from, h = from / channels; at < end; ++h) {
    const Index stop = std::min(end, (h + 1) * channels);
    Real sum = 0;
    for (; at < stop; ++at) sum += buffer[at - from];
    head_sums[h] += sum;
  }
}

// The lanes of the last vector of a block that belong to the row. What lies beyond it belongs to
// another node, and may be NaN.
class RowEnd {
 public:
  HWY_INLINE RowEnd(const HeadLayout& layout, Index end_vector)
      : beyond_(end_vector * lanes() > layout.width),
        inside_(hn::FirstN(hn::ScalableTag<Real>(),
                           static_cast<std::size_t>(
                               beyond_ ? layout.width - (end_vector - 1) * lanes() : lanes()))) {}
  HWY_INLINE void clear_beyond(Vec& last) const {
    if (beyond_) last = hn::IfThenElseZero(inside_, last);
  }

 private:
  bool beyond_;
  hn::Mask<hn::ScalableTag<Real>> inside_;
};

template <Index kVectors, bool kBroadcast>
HWY_INLINE void load_indices(const HeadLayout& layout, Index block,
                             SpreadIndices<kBroadcast>* indices) {
  const hn::ScalableTag<Real> d;
  for (Index v = 0; v < kVectors; ++v)
    indices[v] = hn::SetTableIndices(d, layout.table.data() + (block + v) * lanes());
}

// Calls f.template operator()<kVectors, kBroadcast>(first vector).
template <class F>
HWY_INLINE void for_each_spread_block(const HeadLayout& layout, F&& f) {
  for_each_block(layout.vectors, [&]<Index kVectors>(Index block) HWY_ATTR {
    if (layout.broadcast)
      f.template operator()<kVectors, true>(block);
    else
      f.template operator()<kVectors, false>(block);
  });
}

// The weights of the messages, and what their sum is written to.
struct SumTo {
  const Real* weights;  // may be read a vector beyond their end
  Real* out;
};

// For each of kSums sums: out[h, c] = head_scale[h] * sum over k of weights[k * stride + h] *
// (table[node k, h, c] [+ extra[message k, h, c]]). Each row is read once for all of them.
template <Index kSums>
void weighted_sums(const HeadLayout& layout, const Messages& m, Index stride, const Real* table,
                   const Real* extra, const Real* head_scale, const SumTo* sums) {
  for_each_spread_block(layout, [&]<Index kVectors, bool kBroadcast>(Index block) HWY_ATTR {
    const hn::ScalableTag<Real> d;
    const Index n = lanes();
    Vec sum[kSums][kVectors], value[kVectors];
    SpreadIndices<kBroadcast> indices[kVectors];
    load_indices<kVectors, kBroadcast>(layout, block, indices);
    for (Index s = 0; s < kSums; ++s)
      for (Index v = 0; v < kVectors; ++v) sum[s][v] = hn::Zero(d);
    for_rows<kVectors>(m, table, layout.width, block, [&](Index k, const Real* row) HWY_ATTR {
      for (Index v = 0; v < kVectors; ++v) value[v] = hn::LoadU(d, row + v * n);
      if (extra)
        for (Index v = 0; v < kVectors; ++v)
          value[v] =
              hn::Add(value[v], hn::LoadU(d, extra + m.at(k) * layout.width + (block + v) * n));
      for (Index s = 0; s < kSums; ++s) {
        const Spread<kBroadcast> weight(layout, sums[s].weights + k * stride);
        for (Index v = 0; v < kVectors; ++v)
          sum[s][v] = hn::MulAdd(weight(block + v, indices[v]), value[v], sum[s][v]);
      }
    });
    for (Index s = 0; s < kSums; ++s)
      for (Index v = 0; v < kVectors; ++v) {
        if (head_scale)
          sum[s][v] =
              hn::Mul(sum[s][v], Spread<kBroadcast>(layout, head_scale)(block + v, indices[v]));
        store_part(sum[s][v], sums[s].out + (block + v) * n, layout.width - (block + v) * n);
      }
  });
}

#endif  // not HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
