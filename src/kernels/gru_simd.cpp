#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/gru.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gru_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/columns-inl.hpp"
#include "kernels/gates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::gru_gates;
using kernels::scalar::gru_gates_backward;
#else
namespace hn = hwy::HWY_NAMESPACE;
using kernels::GRURows;

using Tag = hn::ScalableTag<Real>;
using Vec = hn::Vec<Tag>;

void gru_gates(const GRURows& g, const Real* bias, Real* y) {
  if (less_than_a_vector(g.hidden)) return kernels::scalar::gru_gates(g, bias, y);
  const Tag d;
  const Index width = g.hidden;
  for (Index i = 0; i < g.rows; ++i) {
    const Index state = g.state_of(i);
    for_columns(width, [&](Index c, Index done) HWY_ATTR {
      const Index at = i * width + c;
      Real* gate = g.gates + 4 * i * width + c;
      Vec was[4], sum[4];
      for (Index k = 0; k < 4; ++k) {
        was[k] = hn::LoadU(d, gate + k * width);
        sum[k] = hn::Add(was[k], hn::LoadU(d, bias + k * width + c));
      }
      if (g.brought) {
        const Real* more = g.brought + 3 * state * width + c;
        sum[0] = hn::Add(sum[0], hn::LoadU(d, more));
        sum[1] = hn::Add(sum[1], hn::LoadU(d, more + width));
        sum[3] = hn::Add(hn::LoadU(d, more + 2 * width), hn::LoadU(d, bias + 3 * width + c));
      }
      const Vec reset = sigmoid(sum[0]), update = sigmoid(sum[1]);
      const Vec candidate = tanh_of(hn::MulAdd(reset, sum[3], sum[2]));
      const Vec left = hn::Sub(hn::LoadU(d, g.h + state * width + c), candidate);
      store(reset, was[0], done, gate);
      store(update, was[1], done, gate + width);
      store(candidate, was[2], done, gate + 2 * width);
      store(sum[3], was[3], done, gate + 3 * width);
      const Vec next = hn::MulAdd(update, left, candidate);
      store(next, hn::LoadU(d, y + at), done, y + at);
    });
  }
}

void gru_gates_backward(const GRURows& g, const Real* dy, Real* dh, Real* d_bias) {
  if (less_than_a_vector(g.hidden)) return kernels::scalar::gru_gates_backward(g, dy, dh, d_bias);
  const Tag d;
  const Index width = g.hidden;
  const auto one = hn::Set(d, 1);
  for (Index i = 0; i < g.rows; ++i) {
    const Real* h = g.h + g.state_of(i) * width;
    for_columns(width, [&](Index c, Index done) HWY_ATTR {
      const Index at = i * width + c;
      Real* gate = g.gates + 4 * i * width + c;
      const Vec reset = hn::LoadU(d, gate), update = hn::LoadU(d, gate + width),
                candidate = hn::LoadU(d, gate + 2 * width),
                recurrent = hn::LoadU(d, gate + 3 * width), received = hn::LoadU(d, dy + at);
      const Vec d_candidate = hn::Mul(hn::Mul(received, hn::Sub(one, update)),
                                      hn::NegMulAdd(candidate, candidate, one));
      const Vec d_reset =
          hn::Mul(hn::Mul(d_candidate, recurrent), hn::Mul(reset, hn::Sub(one, reset)));
      const Vec d_update = hn::Mul(hn::Mul(received, hn::Sub(hn::LoadU(d, h + c), candidate)),
                                   hn::Mul(update, hn::Sub(one, update)));
      const Vec d_recurrent = hn::Mul(d_candidate, reset);
      const auto put = [&](Vec v, Vec before, Index k) HWY_ATTR {
        store(v, before, done, gate + k * width);
        Real* sum = d_bias + k * width + c;
        hn::StoreU(hn::Add(hn::LoadU(d, sum), done > 0 ? without_first(v, done) : v), d, sum);
      };
      put(d_reset, reset, 0);
      put(d_update, update, 1);
      put(d_candidate, candidate, 2);
      put(d_recurrent, recurrent, 3);
      store(hn::Mul(received, update), hn::LoadU(d, dh + at), done, dh + at);
    });
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(gru_gates);
HWY_EXPORT(gru_gates_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void gru_gates(const GRURows& rows, const Real* bias, Real* y) {
  HWY_DYNAMIC_DISPATCH(agate::gru_gates)(rows, bias, y);
}

void gru_gates_backward(const GRURows& rows, const Real* dy, Real* dh, Real* d_bias) {
  HWY_DYNAMIC_DISPATCH(agate::gru_gates_backward)(rows, dy, dh, d_bias);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
