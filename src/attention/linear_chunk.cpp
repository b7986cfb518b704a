#include "attention/linear_chunk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace AGATE_NAMESPACE {
namespace {

using kernels::Matrix;
using kernels::serial_gemm;

Real away_from_zero(Real sum, Real eps) {
  // Written so that NaN stays.
  return std::abs(sum) < eps ? std::copysign(eps, sum) : sum;
}

// A product of gates, or 0 before it reaches the small numbers on which processors are slow.
Real faded(Real weight, Real gate) {
  const Real product = weight * gate;
  return product < 4 * std::numeric_limits<Real>::min() ? Real(0) : product;
}

double dot(Index n, const Real* a, const Real* b) {
  // Side by side: additions need not wait for each other.
  constexpr Index lanes = 16;
  Real sums[lanes] = {};
  Index i = 0;
  for (; i + lanes <= n; i += lanes)
    for (Index l = 0; l < lanes; ++l) sums[l] += a[i + l] * b[i + l];
  for (; i < n; ++i) sums[0] += a[i] * b[i];
  return std::accumulate(sums, sums + lanes, Real(0));
}

// Row i of x times factors[i].
void scale_rows(Tensor& x, const std::vector<Real>& factors) {
  for (Index i = 0; i < x.rows(); ++i)
    for (Index c = 0; c < x.cols(); ++c) x.row(i)[c] *= factors[i];
}

Tensor scaled_rows(const Tensor& x, const std::vector<Real>& factors, MemoryPool* pool) {
  Tensor y = x.clone(pool);
  scale_rows(y, factors);
  return y;
}

bool all_finite(const Tensor& x) {
  Real difference = 0;  // stays 0 unless something is infinite or NaN
  for (const Real v : x.values()) difference += v - v;
  return difference == 0;
}

Matrix transposed(Matrix m) { return {m.data, m.leading, !m.transposed}; }

Matrix rows_of(const Tensor& x) { return {x.data(), x.cols()}; }

}  // namespace

LinearChunk::LinearChunk(const LinearInputs& in, const Rows& rows, Index head)
    : in_(in),
      rows_(rows),
      head_(head),
      queries_(rows.query_end - rows.query_begin),
      keys_(rows.key_end - rows.key_begin),
      features_(in.features()),
      width_(in.channels() + 1),
      query_{in.queries.row(rows.query_begin) + head * features_, in.queries.cols()},
      key_{in.keys.row(rows.key_begin) + head * features_, in.keys.cols()} {
  load_values();
  load_keys();
  load_gates();
}

void LinearChunk::load_values() {
  const Index channels = width_ - 1;
  values_ = make(keys_, width_);
  for (Index s = 0; s < keys_; ++s) {
    Real* to = values_.row(s);
    if (in_.is_padding(rows_.key_begin + s)) {
      std::fill_n(to, width_, Real(0));
      continue;
    }
    std::copy_n(in_.values.row(rows_.key_begin + s) + head_ * channels, channels, to);
    to[channels] = 1;
  }
}

void LinearChunk::load_keys() {
  if (in_.padding.empty()) return;
  own_keys_ = make(keys_, features_);
  for (Index s = 0; s < keys_; ++s) {
    if (in_.is_padding(rows_.key_begin + s))
      std::fill_n(own_keys_.row(s), features_, Real(0));
    else
      std::copy_n(key_.data + s * key_.leading, features_, own_keys_.row(s));
  }
  key_ = rows_of(own_keys_);
}

void LinearChunk::load_gates() {
  const auto keys = static_cast<std::size_t>(keys_);
  fading_.assign(keys, 1);
  writing_.assign(keys, 1);
  for (Index s = 0; s < keys_ && !in_.gate.empty(); ++s) {
    const bool padding = in_.is_padding(rows_.key_begin + s);
    const Real logit = padding ? 0 : in_.gate.row(rows_.key_begin + s)[head_];
    fading_[s] = padding ? 1 : 1 / (1 + std::exp(-logit));
    writing_[s] = padding ? 0 : 1 / (1 + std::exp(logit));
  }
  reach_.resize(static_cast<std::size_t>(queries_));
  for (Index t = 0; t < std::max(queries_, keys_); ++t) {
    if (t < keys_) passing_ = faded(passing_, fading_[t]);
    if (t < queries_) reach_[t] = passing_;
  }
  share_.resize(keys);
  Real left = 1;
  for (Index s = keys_ - 1; s >= 0; --s) {
    share_[s] = left * writing_[s];
    left = faded(left, fading_[s]);
  }
}

void LinearChunk::key_state(Real* to) const {
  const Tensor shares = scaled_rows(values_, share_, in_.pool);
  serial_gemm(features_, width_, keys_, transposed(key_), rows_of(shares), false, to, width_);
}

// w(t, s) left(t) . right(s), 0 where there is no pair.
Tensor LinearChunk::pairs(Matrix left, Matrix right, Index inner) const {
  Tensor products = make(queries_, keys_);
  serial_gemm(queries_, keys_, inner, left, transposed(right), false, products.data(), keys_);
  std::vector<Real> weight(static_cast<std::size_t>(keys_));
  for (Index t = 0; t < queries_; ++t) {
    if (t < keys_) {
      for (Index s = 0; s < t; ++s) weight[s] = faded(weight[s], fading_[t]);
      weight[t] = writing_[t];
    }
    const Index seen = std::min(t + 1, keys_);
    Real* row = products.row(t);
    for (Index s = 0; s < seen; ++s) row[s] *= weight[s];
    std::fill(row + seen, row + keys_, Real(0));
  }
  return products;
}

void LinearChunk::add_pairs(const Tensor& weights, Tensor& sums) const {
  // NaN or infinity times 0 is NaN: row by row then, so that no query sees a later value.
  const Index rows_at_once = all_finite(values_) ? queries_ : 1;
  for (Index t = 0; t < queries_; t += rows_at_once)
    serial_gemm(rows_at_once, width_, std::min(t + rows_at_once, keys_), {weights.row(t), keys_},
                rows_of(values_), true, sums.row(t), width_);
}

void LinearChunk::forward(const Real* keys_before, LinearOutput& to) const {
  const Index channels = width_ - 1;
  Tensor sums = make(queries_, width_);
  serial_gemm(queries_, width_, features_, query_, {keys_before, width_}, false, sums.data(),
              width_);
  if (rows_.causal) {
    scale_rows(sums, reach_);
    add_pairs(pairs(query_, key_, features_), sums);
  }
  for (Index t = 0; t < queries_; ++t) {
    const Index row = rows_.query_begin + t;
    const Real sum = sums.row(t)[channels], divisor = away_from_zero(sum, in_.eps);
    to.sums.row(row)[head_] = sum;
    for (Index c = 0; c < channels; ++c)
      to.out.row(row)[head_ * channels + c] = sums.row(t)[c] / divisor;
  }
}

// d n and d d side by side: queries x (channels + 1).
Tensor LinearChunk::sum_gradients(const LinearOutput& forward, const Tensor& d_out) const {
  const Index channels = width_ - 1;
  Tensor d = make(queries_, width_);
  for (Index t = 0; t < queries_; ++t) {
    const Index row = rows_.query_begin + t;
    const Real *dy = d_out.row(row) + head_ * channels,
               *y = forward.out.row(row) + head_ * channels;
    const Real sum = forward.sums.row(row)[head_], divisor = away_from_zero(sum, in_.eps);
    for (Index c = 0; c < channels; ++c) d.row(t)[c] = dy[c] / divisor;
    const bool clamped = divisor != sum;
    d.row(t)[channels] = clamped ? 0 : static_cast<Real>(-dot(channels, dy, y)) / divisor;
  }
  return d;
}

void LinearChunk::query_state(const LinearOutput& forward, const Tensor& d_out, Real* to) const {
  Tensor d = sum_gradients(forward, d_out);
  scale_rows(d, reach_);
  serial_gemm(features_, width_, queries_, transposed(query_), rows_of(d), false, to, width_);
}

void LinearChunk::backward(const LinearOutput& forward, const Tensor& d_out,
                           const Real* keys_before, const Real* keys_behind,
                           const Real* queries_behind, LinearGradients& to) const {
  const Index channels = width_ - 1, stride = to.queries.cols();
  const Matrix before{keys_before, width_}, behind{queries_behind, width_};
  Real* d_query = to.queries.row(rows_.query_begin) + head_ * features_;
  Real* d_key = to.keys.row(rows_.key_begin) + head_ * features_;
  Tensor d_values = make(keys_, width_);
  const Tensor d = sum_gradients(forward, d_out), reaching = scaled_rows(d, reach_, in_.pool),
               shares = scaled_rows(values_, share_, in_.pool);
  serial_gemm(queries_, features_, width_, rows_of(reaching), transposed(before), false, d_query,
              stride);
  serial_gemm(keys_, features_, width_, rows_of(shares), transposed(behind), false, d_key, stride);
  serial_gemm(keys_, width_, features_, key_, behind, false, d_values.data(), width_);
  scale_rows(d_values, share_);
  if (rows_.causal) {
    const Tensor weights = pairs(query_, key_, features_),
                 d_weights = pairs(rows_of(d), rows_of(values_), width_);
    serial_gemm(queries_, features_, keys_, rows_of(d_weights), key_, true, d_query, stride);
    serial_gemm(keys_, features_, queries_, transposed(rows_of(d_weights)), query_, true, d_key,
                stride);
    serial_gemm(keys_, width_, queries_, transposed(rows_of(weights)), rows_of(d), true,
                d_values.data(), width_);
  }
  for (Index s = 0; s < keys_; ++s)
    std::copy_n(d_values.row(s), channels, to.values.row(rows_.key_begin + s) + head_ * channels);
  if (!in_.gate.empty()) gate_gradient(keys_behind, queries_behind, to);
}

// With b_t the sum of log g up to t, w(t, s) = exp(b_t - b_s) (1 - g_s), so that
//   d b_t = phi_q(t) . d phi_q(t) - phi_k(t) . d phi_k(t),   d log g_u = sum over t >= u of d b_t,
// and the d b_t behind the chunk add up to what scaling the state that it leaves would change.
void LinearChunk::gate_gradient(const Real* keys_behind, const Real* queries_behind,
                                LinearGradients& to) const {
  double sum = 0;
  for (Index f = 0; f < features_ && keys_behind; ++f)
    sum += dot(width_, keys_behind + f * width_, queries_behind + f * width_);
  for (Index t = std::max(queries_, keys_) - 1; t >= 0; --t) {
    if (t < queries_)
      sum += dot(features_, query_.data + t * query_.leading,
                 to.queries.row(rows_.query_begin + t) + head_ * features_);
    if (t >= keys_) continue;
    const double written = dot(features_, key_.data + t * key_.leading,
                               to.keys.row(rows_.key_begin + t) + head_ * features_);
    sum -= written;
    to.gate.row(rows_.key_begin + t)[head_] =
        static_cast<Real>(writing_[t] * sum - fading_[t] * written);
  }
}

}  // namespace AGATE_NAMESPACE
