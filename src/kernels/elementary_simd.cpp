// Elementary functions through Highway: this file is compiled once for every instruction set, and
// the one that suits the CPU is chosen by name at the first call.

#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/elementary.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementary_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::add;
using kernels::scalar::add_relu;
using kernels::scalar::add_relu_backward;
using kernels::scalar::elu;
using kernels::scalar::elu_backward;
using kernels::scalar::keep_or_drop;
using kernels::scalar::leaky_relu;
using kernels::scalar::leaky_relu_backward;
using kernels::scalar::random_blocks;
using kernels::scalar::relu;
using kernels::scalar::relu_backward;
using kernels::scalar::scale;
using kernels::scalar::sin_cos;
#else
namespace hn = hwy::HWY_NAMESPACE;

void elu(Index n, const Real* HWY_RESTRICT x, Real* HWY_RESTRICT y) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  auto apply = [&](const Real* from, Real* to) {
    const auto v = hn::LoadU(d, from);
    const auto negative = hn::Sub(exp_or_nan(d, v), hn::Set(d, 1));
    hn::StoreU(hn::IfThenElse(hn::Gt(v, hn::Zero(d)), v, negative), d, to);
  };
  Index i = 0;
  for (; i + lanes <= n; i += lanes) apply(x + i, y + i);
  if (i == n) return;
  Real rest[HWY_MAX_BYTES / sizeof(Real)] = {};
  for (Index j = i; j < n; ++j) rest[j - i] = x[j];
  apply(rest, rest);
  for (Index j = i; j < n; ++j) y[j] = rest[j - i];
}

void elu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, y + i), received = hn::LoadU(d, dy + i);
    const auto negative = hn::Mul(received, hn::Add(v, hn::Set(d, 1)));
    hn::StoreU(hn::IfThenElse(hn::Gt(v, hn::Zero(d)), received, negative), d, dx + i);
  }
  kernels::scalar::elu_backward(n - i, y + i, dy + i, dx + i);
}

void relu(Index n, const Real* x, Real* y) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    hn::StoreU(hn::IfThenZeroElse(hn::Lt(v, hn::Zero(d)), v), d, y + i);
  }
  kernels::scalar::relu(n - i, x + i, y + i);
}

void relu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto passes = hn::Gt(hn::LoadU(d, y + i), hn::Zero(d));
    hn::StoreU(hn::IfThenElseZero(passes, hn::LoadU(d, dy + i)), d, dx + i);
  }
  kernels::scalar::relu_backward(n - i, y + i, dy + i, dx + i);
}

void leaky_relu(Index n, Real slope, const Real* x, Real* y) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const auto by = hn::Set(d, slope);
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    hn::StoreU(hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(by, v), v), d, y + i);
  }
  kernels::scalar::leaky_relu(n - i, slope, x + i, y + i);
}

void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const auto by = hn::Set(d, slope);
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, dy + i);
    const auto above = hn::Gt(hn::LoadU(d, y + i), hn::Zero(d));
    hn::StoreU(hn::IfThenElse(above, v, hn::Mul(by, v)), d, dx + i);
  }
  kernels::scalar::leaky_relu_backward(n - i, slope, y + i, dy + i, dx + i);
}

void add(Index n, const Real* a, const Real* b, Real* y) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, y + i);
  kernels::scalar::add(n - i, a + i, b + i, y + i);
}

void add_relu(Index n, const Real* a, const Real* b, Real* to) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    const auto passed = hn::IfThenZeroElse(hn::Lt(v, hn::Zero(d)), v);
    hn::StoreU(hn::Add(hn::LoadU(d, to + i), passed), d, to + i);
  }
  kernels::scalar::add_relu(n - i, a + i, b + i, to + i);
}

void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    const auto brought = hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), hn::LoadU(d, dy + i));
    hn::StoreU(hn::Add(hn::LoadU(d, to + i), brought), d, to + i);
  }
  kernels::scalar::add_relu_backward(n - i, a + i, b + i, dy + i, to + i);
}

void scale(Index n, Real factor, const Real* x, Real* y) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const auto by = hn::Set(d, factor);
  Index i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(by, hn::LoadU(d, x + i)), d, y + i);
  kernels::scalar::scale(n - i, factor, x + i, y + i);
}

void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine) {
  const hn::ScalableTag<Real> d;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const auto most = hn::Set(d, 39000), by = hn::Set(d, scale);  // as far as Sin and Cos are exact
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    if (!hn::AllTrue(d, hn::Le(hn::Abs(v), most))) {
      kernels::scalar::sin_cos(lanes, x + i, scale, sine + i, cosine + i);
      continue;
    }
    hn::StoreU(hn::Mul(by, hn::Cos(d, v)), d, cosine + i);
    hn::StoreU(hn::Mul(by, hn::Sin(d, v)), d, sine + i);
  }
  kernels::scalar::sin_cos(n - i, x + i, scale, sine + i, cosine + i);
}

void keep_or_drop(Index n, const std::uint32_t* words, std::uint32_t threshold, Real scale,
                  const Real* from, Real* to) {
  const hn::ScalableTag<Real> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto keeps = hn::Not(hn::Lt(hn::LoadU(du, words + i), hn::Set(du, threshold)));
    const auto factor = hn::IfThenElseZero(hn::RebindMask(d, keeps), hn::Set(d, scale));
    hn::StoreU(hn::Mul(hn::LoadU(d, from + i), factor), d, to + i);
  }
  kernels::scalar::keep_or_drop(n - i, words + i, threshold, scale, from + i, to + i);
}

// Philox on as many blocks as there are lanes; the words of a block leave side by side.
void random_blocks(const RandomKey& key, Index n, const std::uint64_t* HWY_RESTRICT blocks,
                   std::uint32_t* HWY_RESTRICT words) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::Repartition<std::uint64_t, decltype(d)> d64;
  const Index lanes = static_cast<Index>(hn::Lanes(d));
  const auto multiply = [&](auto c, std::uint32_t factor, auto& high, auto& low) {
    const auto m = hn::Set(d, factor);
    const auto even = hn::MulEven(c, m);
    const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, c))), m);
    low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
    high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
  };
  alignas(64) std::uint32_t low[HWY_MAX_BYTES / 4], high[HWY_MAX_BYTES / 4];
  alignas(64) std::uint32_t out[HWY_MAX_BYTES];
  for (Index start = 0; start < n; start += lanes) {
    const Index count = HWY_MIN(lanes, n - start);
    for (Index i = 0; i < lanes; ++i) {
      const std::uint64_t block = blocks[start + HWY_MIN(i, count - 1)];
      low[i] = static_cast<std::uint32_t>(block);
      high[i] = static_cast<std::uint32_t>(block >> 32);
    }
    auto c0 = hn::Load(d, low), c1 = hn::Load(d, high);
    auto c2 = hn::Set(d, key.operation), c3 = hn::Set(d, key.step);
    auto k0 = static_cast<std::uint32_t>(key.seed);
    auto k1 = static_cast<std::uint32_t>(key.seed >> 32);
    for (int round = 0; round < 10; ++round) {
      auto high0 = c0, low0 = c0, high1 = c0, low1 = c0;
      multiply(c0, 0xD2511F53u, high0, low0);
      multiply(c2, 0xCD9E8D57u, high1, low1);
      const auto old1 = c1, old3 = c3;
      c0 = hn::Xor(hn::Xor(high1, old1), hn::Set(d, k0));
      c1 = low1;
      c2 = hn::Xor(hn::Xor(high0, old3), hn::Set(d, k1));
      c3 = low0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    if (count == lanes) {
      hn::StoreInterleaved4(c0, c1, c2, c3, d, words + 4 * start);
    } else {
      hn::StoreInterleaved4(c0, c1, c2, c3, d, out);
      for (Index i = 0; i < 4 * count; ++i) words[4 * start + i] = out[i];
    }
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(add);
HWY_EXPORT(add_relu);
HWY_EXPORT(add_relu_backward);
HWY_EXPORT(elu);
HWY_EXPORT(elu_backward);
HWY_EXPORT(keep_or_drop);
HWY_EXPORT(leaky_relu);
HWY_EXPORT(leaky_relu_backward);
HWY_EXPORT(random_blocks);
HWY_EXPORT(relu);
HWY_EXPORT(relu_backward);
HWY_EXPORT(scale);
HWY_EXPORT(sin_cos);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void elu(Index n, const Real* x, Real* y) { HWY_DYNAMIC_DISPATCH(agate::elu)(n, x, y); }

void elu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  HWY_DYNAMIC_DISPATCH(agate::elu_backward)(n, y, dy, dx);
}

void relu(Index n, const Real* x, Real* y) { HWY_DYNAMIC_DISPATCH(agate::relu)(n, x, y); }

void relu_backward(Index n, const Real* y, const Real* dy, Real* dx) {
  HWY_DYNAMIC_DISPATCH(agate::relu_backward)(n, y, dy, dx);
}

void leaky_relu(Index n, Real slope, const Real* x, Real* y) {
  HWY_DYNAMIC_DISPATCH(agate::leaky_relu)(n, slope, x, y);
}

void leaky_relu_backward(Index n, Real slope, const Real* y, const Real* dy, Real* dx) {
  HWY_DYNAMIC_DISPATCH(agate::leaky_relu_backward)(n, slope, y, dy, dx);
}

void add(Index n, const Real* a, const Real* b, Real* y) {
  HWY_DYNAMIC_DISPATCH(agate::add)(n, a, b, y);
}

void add_relu(Index n, const Real* a, const Real* b, Real* to) {
  HWY_DYNAMIC_DISPATCH(agate::add_relu)(n, a, b, to);
}

void add_relu_backward(Index n, const Real* a, const Real* b, const Real* dy, Real* to) {
  HWY_DYNAMIC_DISPATCH(agate::add_relu_backward)(n, a, b, dy, to);
}

void scale(Index n, Real factor, const Real* x, Real* y) {
  HWY_DYNAMIC_DISPATCH(agate::scale)(n, factor, x, y);
}

void keep_or_drop(Index n, const std::uint32_t* words, std::uint32_t threshold, Real scale,
                  const Real* from, Real* to) {
  HWY_DYNAMIC_DISPATCH(agate::keep_or_drop)(n, words, threshold, scale, from, to);
}

void sin_cos(Index n, const Real* x, Real scale, Real* sine, Real* cosine) {
  HWY_DYNAMIC_DISPATCH(agate::sin_cos)(n, x, scale, sine, cosine);
}

void random_blocks(const RandomKey& key, Index n, const std::uint64_t* blocks,
                   std::uint32_t* words) {
  HWY_DYNAMIC_DISPATCH(agate::random_blocks)(key, n, blocks, words);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
