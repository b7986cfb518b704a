#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include <limits>

#include "kernels/dense_tiles.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/dense_tiles_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/exp-inl.hpp"
#include "kernels/scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
using kernels::AdditiveTile;
using kernels::AdditiveTileGradient;
using kernels::EdgeScore;
using kernels::OnlineSoftmax;
using kernels::PairTile;
using kernels::PairTileGradient;
using kernels::tile_cols;
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::additive_tile;
using kernels::scalar::additive_tile_backward;
using kernels::scalar::pair_tile;
using kernels::scalar::pair_tile_backward;
using kernels::scalar::score_gradient_tile;
using kernels::scalar::softmax_tile;
using kernels::scalar::weights_tile;
#else

// The lanes of the vector at column j that belong to the tile.
HWY_INLINE auto inside(Index j, Index cols) {
  return hn::FirstN(hn::ScalableTag<Real>(), static_cast<std::size_t>(std::min(lanes(), cols - j)));
}

// exp(x) for x <= 0, and what NaN and infinities make of it.
HWY_INLINE Vec exp_of(Vec x) { return exp_or_nan(hn::ScalableTag<Real>(), x); }

void softmax_tile(Index rows, Index cols, Real* scores, const OnlineSoftmax& softmax) {
  const hn::ScalableTag<Real> d;
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const Vec lowest = hn::Set(d, -infinity);
  const Index whole = cols / lanes() * lanes();
  for (Index i = 0; i < rows; ++i) {
    Real* s = scores + i * tile_cols;
    if (whole < cols)
      hn::StoreU(hn::IfThenElse(inside(whole, cols), hn::LoadU(d, s + whole), lowest), d,
                 s + whole);
    Vec most = hn::Set(d, softmax.most[i]);
    for (Index j = 0; j < cols; j += lanes()) most = hn::Max(most, hn::LoadU(d, s + j));
    const Real greatest = hn::GetLane(hn::MaxOfLanes(d, most));
    // Where nothing counts yet, any number will do.
    const Real level = greatest == -infinity ? 0 : greatest;
    const Vec levels = hn::Set(d, level);
    Vec sum = hn::Zero(d);
    for (Index j = 0; j < cols; j += lanes()) {
      const Vec e = exp_of(hn::Sub(hn::LoadU(d, s + j), levels));
      hn::StoreU(e, d, s + j);
      sum = hn::Add(sum, e);
    }
    const Real before = softmax.most[i];
    softmax.shrink[i] = before == -infinity ? 0
                        : before == level   ? 1
                                            : hn::GetLane(exp_of(of(before - level)));
    softmax.sum[i] = softmax.sum[i] * softmax.shrink[i] + hn::GetLane(hn::SumOfLanes(d, sum));
    softmax.most[i] = greatest;
  }
}

void weights_tile(Index rows, Index cols, Real* scores, const Real* lse) {
  const hn::ScalableTag<Real> d;
  for (Index i = 0; i < rows; ++i) {
    const Vec level = hn::Set(d, lse[i]);
    Real* s = scores + i * tile_cols;
    for (Index j = 0; j < cols; j += lanes())
      hn::StoreU(exp_of(hn::Sub(hn::LoadU(d, s + j), level)), d, s + j);
  }
}

void score_gradient_tile(Index rows, Index cols, const Real* weights, const Real* deltas,
                         Real* d_weights) {
  const hn::ScalableTag<Real> d;
  for (Index i = 0; i < rows; ++i) {
    const Vec delta = hn::Set(d, deltas[i]);
    for (Index j = i * tile_cols; j < i * tile_cols + cols; j += lanes())
      hn::StoreU(hn::Mul(hn::LoadU(d, weights + j), hn::Sub(hn::LoadU(d, d_weights + j), delta)), d,
                 d_weights + j);
  }
}

// Four vectors of keys at a time, whose sums stay in registers.
template <class Pair>
void pair_scores(const Pair& s, const PairTile& t, Real* scores) {
  const hn::ScalableTag<Real> d;
  constexpr Index together = 4;
  const Index n = lanes();
  for (Index j = 0; j < t.cols; j += together * n)
    for (Index i = 0; i < t.rows; ++i) {
      Vec sum[together];
      for (Vec& v : sum) v = hn::Zero(d);
      const Real* query = t.query + i * t.channels;
      for (Index c = 0; c < t.channels; ++c) {
        const Vec q = hn::Set(d, query[c]), v = hn::Set(d, t.factor[c]);
        const Real* key = t.key + c * tile_cols + j;
        for (Index u = 0; u < together; ++u)
          sum[u] = hn::Add(sum[u], term(s, q, hn::LoadU(d, key + u * n), v));
      }
      for (Index u = 0; u < together; ++u)
        hn::StoreU(sum[u], d, scores + i * tile_cols + j + u * n);
    }
}

void pair_tile(const EdgeScore& score, const PairTile& t, Real* scores) {
  static_assert(tile_cols % (4 * most_lanes) == 0);
  kernels::visit_pair(score, [&](const auto& s) { pair_scores(s, t, scores); });
}

template <class Pair>
void pair_gradients(const Pair& s, const PairTile& t, const Real* d_scores,
                    const PairTileGradient& to) {
  const hn::ScalableTag<Real> d;
  const Index n = lanes(), whole = t.cols / n * n;
  for (Index i = 0; i < t.rows; ++i) {
    const Real* ds = d_scores + i * tile_cols;
    for (Index c = 0; c < t.channels; ++c) {
      const Vec q = hn::Set(d, t.query[i * t.channels + c]), v = hn::Set(d, t.factor[c]);
      const Real* key = t.key + c * tile_cols;
      Real* d_keys = to.key + c * tile_cols;
      Vec query = hn::Zero(d), factor = hn::Zero(d);
      auto add_pairs = [&](Index j, Vec weight) HWY_ATTR {
        const Vec k = hn::LoadU(d, key + j);
        query = hn::MulAdd(weight, d_query(s, q, k, v), query);
        factor = hn::MulAdd(weight, d_factor(s, q, k), factor);
        hn::StoreU(hn::MulAdd(weight, d_key(s, q, k, v), hn::LoadU(d, d_keys + j)), d, d_keys + j);
      };
      for (Index j = 0; j < whole; j += n) add_pairs(j, hn::LoadU(d, ds + j));
      if (whole < t.cols)
        add_pairs(whole, hn::IfThenElseZero(inside(whole, t.cols), hn::LoadU(d, ds + whole)));
      to.query[i * t.channels + c] += hn::GetLane(hn::SumOfLanes(d, query));
      to.factor[c] += hn::GetLane(hn::SumOfLanes(d, factor));
    }
  }
}

void pair_tile_backward(const EdgeScore& score, const PairTile& t, const Real* d_scores,
                        const PairTileGradient& to) {
  kernels::visit_pair(score, [&](const auto& s) { pair_gradients(s, t, d_scores, to); });
}

HWY_INLINE Vec raw_score(const AdditiveTile& t, const Real* terms, Vec target, Index j) {
  const hn::ScalableTag<Real> d;
  return hn::Add(hn::LoadU(d, terms), hn::Add(target, hn::LoadU(d, t.source + j)));
}

void additive_tile(const AdditiveScore& score, const AdditiveTile& t, Real* scores) {
  const hn::ScalableTag<Real> d;
  for (Index i = 0; i < t.rows; ++i) {
    const Vec target = hn::Set(d, t.target[i]);
    Real* s = scores + i * tile_cols;
    for (Index j = 0; j < t.cols; j += lanes())
      hn::StoreU(activate(score, raw_score(t, s + j, target, j)), d, s + j);
  }
}

void additive_tile_backward(const AdditiveScore& score, const AdditiveTile& t, const Real* raw,
                            Real* d_scores, const AdditiveTileGradient& to) {
  const hn::ScalableTag<Real> d;
  for (Index i = 0; i < t.rows; ++i) {
    const Vec target = hn::Set(d, t.target[i]);
    Vec sum = hn::Zero(d);
    for (Index j = 0; j < t.cols; j += lanes()) {
      Real* ds = d_scores + i * tile_cols + j;
      const Vec s = activate(score, raw_score(t, raw + i * tile_cols + j, target, j));
      const Vec g =
          hn::IfThenElseZero(inside(j, t.cols), hn::Mul(hn::LoadU(d, ds), slope(score, s)));
      hn::StoreU(g, d, ds);
      sum = hn::Add(sum, g);
      hn::StoreU(hn::Add(hn::LoadU(d, to.source + j), g), d, to.source + j);
    }
    to.target[i] += hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(softmax_tile);
HWY_EXPORT(weights_tile);
HWY_EXPORT(score_gradient_tile);
HWY_EXPORT(pair_tile);
HWY_EXPORT(pair_tile_backward);
HWY_EXPORT(additive_tile);
HWY_EXPORT(additive_tile_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void softmax_tile(Index rows, Index cols, Real* scores, const OnlineSoftmax& softmax) {
  HWY_DYNAMIC_DISPATCH(agate::softmax_tile)(rows, cols, scores, softmax);
}
void weights_tile(Index rows, Index cols, Real* scores, const Real* lse) {
  HWY_DYNAMIC_DISPATCH(agate::weights_tile)(rows, cols, scores, lse);
}
void score_gradient_tile(Index rows, Index cols, const Real* weights, const Real* deltas,
                         Real* d_weights) {
  HWY_DYNAMIC_DISPATCH(agate::score_gradient_tile)(rows, cols, weights, deltas, d_weights);
}
void pair_tile(const EdgeScore& score, const PairTile& tile, Real* scores) {
  HWY_DYNAMIC_DISPATCH(agate::pair_tile)(score, tile, scores);
}
void pair_tile_backward(const EdgeScore& score, const PairTile& tile, const Real* d_scores,
                        const PairTileGradient& to) {
  HWY_DYNAMIC_DISPATCH(agate::pair_tile_backward)(score, tile, d_scores, to);
}
void additive_tile(const AdditiveScore& score, const AdditiveTile& tile, Real* scores) {
  HWY_DYNAMIC_DISPATCH(agate::additive_tile)(score, tile, scores);
}
void additive_tile_backward(const AdditiveScore& score, const AdditiveTile& tile, const Real* raw,
                            Real* d_scores, const AdditiveTileGradient& to) {
  HWY_DYNAMIC_DISPATCH(agate::additive_tile_backward)(score, tile, raw, d_scores, to);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
