#include "kernels/tile_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/highway.hpp"
#include "kernels/scores_scalar.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

bool all_finite(Matrix b, Index rows, Index cols) {
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      if (!std::isfinite(b.data[i * b.leading + j])) return false;
  return true;
}

// What lies behind the keys of a tile is read up to here: so many vectors are taken together.
Index read_keys(Index count) { return std::min(tile_cols, (count + 63) / 64 * 64); }

// Calls body(c, end) for runs of channels: turned a run at a time, keys meet few lines of memory,
// which would push one another out of the cache if all channels were met at once.
template <class Body>
void for_channel_runs(Index channels, Body&& body) {
  constexpr Index run = 16;
  for (Index c = 0; c < channels; c += run) body(c, std::min(channels, c + run));
}

}  // namespace

void add_product(const Tile& tile, Index m, Index n, Index k, Matrix a, Matrix b, Real* c,
                 Index ldc) {
  if (!tile.masked || all_finite(b, k, n)) return serial_gemm(m, n, k, a, b, true, c, ldc);
  for (Index i = 0; i < m; ++i)
    for (Index p = 0; p < k; ++p) {
      const Real weight = a.transposed ? a.data[p * a.leading + i] : a.data[i * a.leading + p];
      if (weight == 0) continue;
      for (Index j = 0; j < n; ++j) c[i * ldc + j] += weight * b.data[p * b.leading + j];
    }
}

void fill_masked(const DenseAttention& a, const Tile& tile, Real number, Real* numbers) {
  if (!tile.masked) return;
  for (Index i = 0; i < tile.rows; ++i) {
    Real* row = numbers + i * tile_cols;
    // The keys that the query sees are those before `end`.
    const Index end = tile.block->causal ? tile.query + i - tile.block->query_begin + 1 +
                                               tile.block->key_begin - tile.key
                                         : tile.cols;
    for (Index j = std::max<Index>(0, end); j < tile.cols; ++j) row[j] = number;
    for (Index j = 0; a.padding && j < tile.cols; ++j)
      if (a.padding[tile.key + j]) row[j] = number;
  }
}

// Vectors may reach beyond a row of a tile.
struct TileScores::Scratch {
  std::vector<Real> query, key, factor, d_key, d_query, d_factor, terms;
};

TileScores::TileScores(const DenseAttention& a, Index head)
    : a_(a),
      head_(head),
      channels_(a.score_channels()),
      width_(a.heads * channels_),
      additive_(std::get_if<AdditiveScore>(&a.score)),
      dot_(std::get_if<DotScore>(&a.score)),
      x_([]() -> Scratch& {
        static thread_local Scratch scratch;
        return scratch;
      }()) {
  x_.query.resize(static_cast<std::size_t>(tile_rows * channels_));
  x_.d_query.resize(x_.query.size());
  x_.key.resize(static_cast<std::size_t>(tile_cols * channels_));
  x_.d_key.resize(x_.key.size());
  x_.terms.resize(static_cast<std::size_t>(tile_rows * tile_cols));
  x_.factor.resize(static_cast<std::size_t>(channels_));
  x_.d_factor.resize(x_.factor.size());
  if (additive_) {
    query_ = additive_->target;
    key_ = additive_->source;
  }
  visit_pair(a.score, [&](const auto& s) {
    query_ = s.query;
    key_ = s.key;
    for (Index c = 0; c < channels_; ++c) x_.factor[c] = scalar::factor(s, head * channels_ + c);
  });
}

void TileScores::set_queries(Index first, Index count) {
  const Real scale = query_factor();
  for (Index i = 0; i < count; ++i) {
    const Real* from = query_ + (first + i) * width_ + head_ * channels_;
    for (Index c = 0; c < channels_; ++c) x_.query[i * channels_ + c] = scale * from[c];
  }
}

void TileScores::set_keys(Index first, Index count) {
  first_key_ = first;
  keys_ = count;
  if (dot_) return;
  for_channel_runs(channels_, [&](Index begin, Index end) {
    for (Index j = 0; j < count; ++j) {
      const Real* from = key_ + (first + j) * width_ + head_ * channels_;
      for (Index c = begin; c < end; ++c) x_.key[c * tile_cols + j] = from[c];
    }
  });
  // Whole vectors are read: what lies there is used by nobody, but must be a number.
  for (Index c = 0; c < channels_; ++c)
    std::fill(x_.key.begin() + c * tile_cols + count,
              x_.key.begin() + c * tile_cols + read_keys(count), Real(0));
}

const Real* TileScores::terms(Index query, Index key) const {
  const Index head = a_.terms_for_all_heads ? 0 : head_;
  return a_.terms() + (head * a_.queries + query) * a_.keys + key;
}

void TileScores::load_terms(const Tile& tile, Real* to) const {
  for (Index i = 0; i < tile.rows; ++i) {
    if (a_.terms())
      std::copy_n(terms(tile.query + i, tile.key), tile.cols, to + i * tile_cols);
    else
      std::fill_n(to + i * tile_cols, tile.cols, Real(0));
  }
}

void TileScores::score(const Tile& tile, Real* scores) {
  if (additive_) {
    load_terms(tile, scores);
    AGATE_KERNEL(additive_tile)
    (*additive_, {tile.rows, tile.cols, x_.query.data(), x_.key.data()}, scores);
  } else if (dot_) {
    serial_gemm(tile.rows, tile.cols, channels_, {x_.query.data(), channels_},
                {key_ + first_key_ * width_ + head_ * channels_, width_, true}, false, scores,
                tile_cols);
  } else {
    AGATE_KERNEL(pair_tile)
    (a_.score, {tile.rows, tile.cols, channels_, x_.query.data(), x_.key.data(), x_.factor.data()},
     scores);
  }
  for (Index i = 0; !additive_ && a_.terms() && i < tile.rows; ++i) {
    const Real* bias = terms(tile.query + i, tile.key);
    for (Index j = 0; j < tile.cols; ++j) scores[i * tile_cols + j] += bias[j];
  }
  fill_masked(a_, tile, -std::numeric_limits<Real>::infinity(), scores);
}

void TileScores::clear_gradients() {
  if (dot_)
    std::fill_n(x_.d_key.begin(), keys_ * channels_, Real(0));
  else
    for (Index c = 0; c < channels_; ++c)
      std::fill_n(x_.d_key.begin() + c * tile_cols, read_keys(keys_), Real(0));
  std::fill(x_.d_factor.begin(), x_.d_factor.end(), Real(0));
}

void TileScores::backward(const Tile& tile, Real* d_scores, Real* d_query, Index query_stride,
                          Real* d_terms) {
  if (dot_) {
    add_product(tile, tile.cols, channels_, tile.rows, {d_scores, tile_cols, true},
                {x_.query.data(), channels_}, x_.d_key.data(), channels_);
    add_product(tile, tile.rows, channels_, tile.cols, {d_scores, tile_cols},
                {key_ + first_key_ * width_ + head_ * channels_, width_}, d_query, query_stride);
  } else {
    std::fill_n(x_.d_query.data(), tile.rows * channels_, Real(0));
    if (additive_) {
      load_terms(tile, x_.terms.data());
      AGATE_KERNEL(additive_tile_backward)
      (*additive_, {tile.rows, tile.cols, x_.query.data(), x_.key.data()}, x_.terms.data(),
       d_scores, {x_.d_query.data(), x_.d_key.data()});
    } else {
      AGATE_KERNEL(pair_tile_backward)
      (a_.score,
       {tile.rows, tile.cols, channels_, x_.query.data(), x_.key.data(), x_.factor.data()},
       d_scores, {x_.d_query.data(), x_.d_key.data(), x_.d_factor.data()});
    }
    for (Index i = 0; i < tile.rows; ++i)
      for (Index c = 0; c < channels_; ++c)
        d_query[i * query_stride + c] += x_.d_query[i * channels_ + c];
  }
  if (!d_terms) return;
  for (Index i = 0; i < tile.rows; ++i) {
    Real* to = d_terms + (terms(tile.query + i, tile.key) - a_.terms());
    for (Index j = 0; j < tile.cols; ++j) to[j] += d_scores[i * tile_cols + j];
  }
}

void TileScores::store_key_gradient(Real* d_key) const {
  for_channel_runs(channels_, [&](Index begin, Index end) {
    for (Index j = 0; j < keys_; ++j) {
      Real* to = d_key + (first_key_ + j) * width_ + head_ * channels_;
      for (Index c = begin; c < end; ++c)
        to[c] = dot_ ? x_.d_key[j * channels_ + c] : x_.d_key[c * tile_cols + j];
    }
  });
}

void TileScores::add_vector_gradient(Real* d_vector) const {
  for (Index c = 0; c < channels_; ++c) d_vector[head_ * channels_ + c] += x_.d_factor[c];
}

}  // namespace AGATE_NAMESPACE::kernels
