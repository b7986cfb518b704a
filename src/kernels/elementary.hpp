#pragma once
// Elementary functions and dropout over runs of numbers, SIMD where the build has it. NaN in, NaN
// out.

#include <agate/core/config.hpp>
#include <agate/core/random.hpp>

namespace AGATE_NAMESPACE::kernels {

// y[i] = x[i] > 0 ? x[i] : exp(x[i]) - 1.
void elu(Index n, const Real* x, Real* y);
// dx[i] = dy[i] * (y[i] > 0 ? 1 : y[i] + 1), with y = elu(x).
void elu_backward(Index n, const Real* y, const Real* dy, Real* dx);

// y[i] = x[i] < 0 ? 0 : x[i].
void relu(Index n, const Real* x, Real* y);
// dx[i] = y[i] > 0 ? dy[i] : 0, with y = relu(x).
void relu_backward(Index n, const Real* y, const Real* dy, Real* dx);

// y[i] = x[i] < 0 ? slope * x[i] : x[i].
void leaky_relu(Index n, Real slope, const Real* x, Real* y);
// dx[i] = y[i] > 0 ? dy[i] : slope * dy[i], with y = leaky_relu(x).
void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx);

// y[i] = a[i] + b[i]; y may be a or b.
void add(Index n, const Real* a, const Real* b, Real* y);
// y[i] = factor * x[i]; y may be x.
void scale(Index n, Real factor, const Real* x, Real* y);

// to[i] += max(a[i] + b[i], 0): a rectified message; and what dy brings to a or to b where it
// passed.
void add_relu(Index n, const Real* a, const Real* b, Real* to);
void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to);

// sine[i] = scale * sin(x[i]), cosine[i] = scale * cos(x[i]); sine may be x.
void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine);

// The four words of each of n blocks of a key, block after block.
void random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                   std::uint32_t* words);

// One dropout: words below the threshold drop, others scale.
struct Mask {
  RandomKey key;
  std::uint32_t threshold = 0;
  Real scale = 1;
  bool active = false;
};

// to[i] = from[i] * (dropped(first + i) ? 0 : scale) for i < n; first is a multiple of 4.
void dropout(const Mask& mask, Index first, Index n, const Real* from, Real* to);

// One decision per item and group, counted by the item's id, so that it does not depend on where
// the item stands: multiplies weights[k * stride + g] by 0 or scale, for k < n and g < groups.
void dropout_items(const Mask& mask, Index n, Index groups, const Index* ids, Real* weights,
                   Index stride);

// Tests turn the SIMD kernels off to compare them with the scalar ones. Not for use while other
// threads run kernels.
void set_simd(bool on);
bool simd();

// The plain versions, always built: the oracle of the tests and what a CPU without SIMD gets.
namespace scalar {
void elu(Index n, const Real* x, Real* y);
void relu(Index n, const Real* x, Real* y);
void relu_backward(Index n, const Real* y, const Real* dy, Real* dx);
void leaky_relu(Index n, Real slope, const Real* x, Real* y);
void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx);
void add(Index n, const Real* a, const Real* b, Real* y);
void add_relu(Index n, const Real* a, const Real* b, Real* to);
void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to);
void scale(Index n, Real factor, const Real* x, Real* y);
void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine);
void random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                   std::uint32_t* words);
void elu_backward(Index n, const Real* y, const Real* dy, Real* dx);
// to[i] = from[i] * (words[i] >= threshold ? scale : 0).
void keep_or_drop(Index n, const std::uint32_t* words, std::uint32_t threshold, Real scale,
                  const Real* from, Real* to);
}  // namespace scalar

// The Highway versions; only in builds that have them.
namespace vectorized {
void elu(Index n, const Real* x, Real* y);
void relu(Index n, const Real* x, Real* y);
void relu_backward(Index n, const Real* y, const Real* dy, Real* dx);
void leaky_relu(Index n, Real slope, const Real* x, Real* y);
void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx);
void add(Index n, const Real* a, const Real* b, Real* y);
void add_relu(Index n, const Real* a, const Real* b, Real* to);
void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to);
void scale(Index n, Real factor, const Real* x, Real* y);
void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine);
void random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                   std::uint32_t* words);
void elu_backward(Index n, const Real* y, const Real* dy, Real* dx);
void keep_or_drop(Index n, const std::uint32_t* words, std::uint32_t threshold, Real scale,
                  const Real* from, Real* to);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
