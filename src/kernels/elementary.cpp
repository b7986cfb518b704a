#include "kernels/elementary.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

bool simd_on = true;

constexpr Index most_blocks = 256;

}  // namespace

void set_simd(bool on) { simd_on = on; }

bool simd() {
#if defined(AGATE_USE_HIGHWAY)
  return simd_on;
#else
  return false;
#endif
}

void scalar::elu(Index n, const Real* x, Real* y) {
  for (Index i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : std::expm1(x[i]);
}

void elu(Index n, const Real* x, Real* y) { AGATE_KERNEL(elu)(n, x, y); }

void scalar::elu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  for (Index i = 0; i < n; ++i) dx[i] = y[i] > 0 ? dy[i] : dy[i] * (y[i] + 1);
}

void elu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  AGATE_KERNEL(elu_backward)(n, y, dy, dx);
}

void scalar::relu(Index n, const Real* x, Real* y) {
  for (Index i = 0; i < n; ++i) y[i] = x[i] < 0 ? Real(0) : x[i];
}

void relu(Index n, const Real* x, Real* y) { AGATE_KERNEL(relu)(n, x, y); }

void scalar::relu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  for (Index i = 0; i < n; ++i) dx[i] = y[i] > 0 ? dy[i] : Real(0);
}

void relu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  AGATE_KERNEL(relu_backward)(n, y, dy, dx);
}

void scalar::leaky_relu(Index n, Real slope, const Real* x, Real* y) {
  for (Index i = 0; i < n; ++i) y[i] = x[i] < 0 ? slope * x[i] : x[i];
}

void leaky_relu(Index n, Real slope, const Real* x, Real* y) {
  AGATE_KERNEL(leaky_relu)(n, slope, x, y);
}

void scalar::leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx) {
  for (Index i = 0; i < n; ++i) dx[i] = y[i] > 0 ? dy[i] : slope * dy[i];
}

void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx) {
  AGATE_KERNEL(leaky_relu_backward)(n, slope, y, dy, dx);
}

void scalar::add(Index n, const Real* a, const Real* b, Real* y) {
  for (Index i = 0; i < n; ++i) y[i] = a[i] + b[i];
}

void add(Index n, const Real* a, const Real* b, Real* y) { AGATE_KERNEL(add)(n, a, b, y); }

void scalar::add_relu(Index n, const Real* a, const Real* b, Real* to) {
  for (Index i = 0; i < n; ++i) {
    const Real v = a[i] + b[i];
    to[i] += v < 0 ? 0 : v;
  }
}

void add_relu(Index n, const Real* a, const Real* b, Real* to) {
  AGATE_KERNEL(add_relu)(n, a, b, to);
}

void scalar::add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to) {
  for (Index i = 0; i < n; ++i) to[i] += a[i] + b[i] > 0 ? dy[i] : 0;
}

void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to) {
  AGATE_KERNEL(add_relu_backward)(n, a, b, dy, to);
}

void scalar::scale(Index n, Real factor, const Real* x, Real* y) {
  for (Index i = 0; i < n; ++i) y[i] = factor * x[i];
}

void scale(Index n, Real factor, const Real* x, Real* y) { AGATE_KERNEL(scale)(n, factor, x, y); }

void scalar::sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine) {
  for (Index i = 0; i < n; ++i) {
    cosine[i] = scale * std::cos(x[i]);
    sine[i] = scale * std::sin(x[i]);
  }
}

void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine) {
  AGATE_KERNEL(sin_cos)(n, x, scale, sine, cosine);
}

void scalar::keep_or_drop(Index n, const std::uint32_t* words, std::uint32_t threshold, Real scale,
                          const Real* from, Real* to) {
  for (Index i = 0; i < n; ++i)
    to[i] = from[i] * (static_cast<Real>(words[i] >= threshold) * scale);
}

void scalar::random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                           std::uint32_t* words) {
  for (Index i = 0; i < n; ++i) {
    const auto four = key.block(blocks[i]);
    std::copy(four.begin(), four.end(), words + 4 * i);
  }
}

void random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                   std::uint32_t* words) {
  AGATE_KERNEL(random_blocks)(key, n, blocks, words);
}

void dropout(const Mask& mask, Index first, Index n, const Real* from, Real* to) {
  std::uint64_t blocks[most_blocks];
  std::uint32_t words[4 * most_blocks];
  for (Index done = 0; done < n; done += 4 * most_blocks) {
    const Index some = std::min(4 * most_blocks, n - done), count = (some + 3) / 4;
    for (Index b = 0; b < count; ++b)
      blocks[b] = static_cast<std::uint64_t>((first + done) / 4 + b);
    random_blocks(mask.key, count, blocks, words);
    AGATE_KERNEL(keep_or_drop)(some, words, mask.threshold, mask.scale, from + done, to + done);
  }
}

void dropout_items(const Mask& mask, Index n, Index groups, const Index* ids, Real* weights,
                   Index stride) {
  std::uint64_t blocks[most_blocks];
  std::uint32_t words[4 * most_blocks];
  const Index per_item = (groups + 3) / 4;
  // Groups in slices, so that any number of them fits the buffer.
  for (Index slice = 0; slice < per_item; slice += most_blocks) {
    const Index width = std::min(most_blocks, per_item - slice);
    const Index items = most_blocks / width;
    for (Index first = 0; first < n; first += items) {
      const Index count = std::min(items, n - first);
      for (Index k = 0; k < count; ++k)
        for (Index b = 0; b < width; ++b)
          blocks[k * width + b] = static_cast<std::uint64_t>(ids[first + k] * per_item + slice + b);
      random_blocks(mask.key, count * width, blocks, words);
      Real* to = weights + first * stride + 4 * slice;
      if (stride == 4 * width) {
        // The padding of an item is dropped with it: one run.
        AGATE_KERNEL(keep_or_drop)(count * stride, words, mask.threshold, mask.scale, to, to);
        continue;
      }
      const Index most = std::min(4 * width, groups - 4 * slice);
      for (Index k = 0; k < count; ++k)
        scalar::keep_or_drop(most, words + 4 * width * k, mask.threshold, mask.scale,
                             to + k * stride, to + k * stride);
    }
  }
}

}  // namespace AGATE_NAMESPACE::kernels
