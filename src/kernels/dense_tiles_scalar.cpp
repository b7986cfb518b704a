#include <algorithm>
#include <limits>

#include "kernels/dense_tiles.hpp"
#include "kernels/scores_scalar.hpp"

namespace AGATE_NAMESPACE::kernels::scalar {

void softmax_tile(Index rows, Index cols, Real* scores, const OnlineSoftmax& softmax) {
  constexpr Real lowest = -std::numeric_limits<Real>::infinity();
  for (Index i = 0; i < rows; ++i) {
    Real* s = scores + i * tile_cols;
    Real most = softmax.most[i];
    for (Index j = 0; j < cols; ++j) most = std::max(most, s[j]);
    // Where nothing counts yet, any number will do.
    const Real level = most == lowest ? 0 : most;
    Real sum = 0;
    for (Index j = 0; j < cols; ++j) sum += s[j] = std::exp(s[j] - level);
    softmax.shrink[i] = softmax.most[i] == lowest ? 0 : std::exp(softmax.most[i] - level);
    softmax.sum[i] = softmax.sum[i] * softmax.shrink[i] + sum;
    softmax.most[i] = most;
  }
}

void weights_tile(Index rows, Index cols, Real* scores, const Real* lse) {
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      Real& s = scores[i * tile_cols + j];
      s = std::exp(s - lse[i]);
    }
}

void score_gradient_tile(Index rows, Index cols, const Real* weights, const Real* deltas,
                         Real* d_weights) {
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      Real& d = d_weights[i * tile_cols + j];
      d = weights[i * tile_cols + j] * (d - deltas[i]);
    }
}

void pair_tile(const EdgeScore& score, const PairTile& t, Real* scores) {
  visit_pair(score, [&](const auto& s) {
    for (Index i = 0; i < t.rows; ++i)
      for (Index j = 0; j < t.cols; ++j) {
        Real sum = 0;
        for (Index c = 0; c < t.channels; ++c)
          sum += term(s, t.query[i * t.channels + c], t.key[c * tile_cols + j], t.factor[c]);
        scores[i * tile_cols + j] = sum;
      }
  });
}

void pair_tile_backward(const EdgeScore& score, const PairTile& t, const Real* d_scores,
                        const PairTileGradient& to) {
  visit_pair(score, [&](const auto& s) {
    for (Index i = 0; i < t.rows; ++i)
      for (Index c = 0; c < t.channels; ++c) {
        const Real q = t.query[i * t.channels + c], v = t.factor[c];
        Real query = 0, factor = 0;
        for (Index j = 0; j < t.cols; ++j) {
          const Real k = t.key[c * tile_cols + j], ds = d_scores[i * tile_cols + j];
          query += ds * d_query(s, q, k, v);
          factor += ds * d_factor(s, q, k);
          to.key[c * tile_cols + j] += ds * d_key(s, q, k, v);
        }
        to.query[i * t.channels + c] += query;
        to.factor[c] += factor;
      }
  });
}

void additive_tile(const AdditiveScore& score, const AdditiveTile& t, Real* scores) {
  for (Index i = 0; i < t.rows; ++i)
    for (Index j = 0; j < t.cols; ++j) {
      Real& s = scores[i * tile_cols + j];
      s = activate(score, s + t.target[i] + t.source[j]);
    }
}

void additive_tile_backward(const AdditiveScore& score, const AdditiveTile& t, const Real* raw,
                            Real* d_scores, const AdditiveTileGradient& to) {
  for (Index i = 0; i < t.rows; ++i) {
    Real target = 0;
    for (Index j = 0; j < t.cols; ++j) {
      Real& d = d_scores[i * tile_cols + j];
      d *= slope(score, raw[i * tile_cols + j] + t.target[i] + t.source[j]);
      target += d;
      to.source[j] += d;
    }
    to.target[i] += target;
  }
}

}  // namespace AGATE_NAMESPACE::kernels::scalar
