#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/gru.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gru_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/columns-inl.hpp"
#include "kernels/exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::gru_gates;
using kernels::scalar::gru_gates_backward;
#else
namespace hn = hwy::HWY_NAMESPACE;
using kernels::GRUGradient;
using kernels::GRURows;

using Tag = hn::ScalableTag<Real>;
using Vec = hn::Vec<Tag>;

HWY_INLINE Vec sigmoid(Vec v) {
  const Tag d;
  const auto one = hn::Set(d, 1);
  return hn::Div(one, hn::Add(one, exp_or_nan(d, hn::Neg(v))));
}

// As exact as 1 is: what is small is so beside the numbers that it stands among.
HWY_INLINE Vec tanh_of(Vec v) {
  const Tag d;
  const auto one = hn::Set(d, 1), two = hn::Set(d, 2);
  return hn::NegMulAdd(two, sigmoid(hn::Mul(hn::Set(d, -2), v)), one);
}

struct Gates {
  Vec reset, update, candidate, recurrent;
};

HWY_INLINE Gates gates_of(const GRURows& g, Index i, Index c) {
  const Tag d;
  const Index width = g.hidden;
  const Real *input = g.input + 3 * i * width + c, *state = g.state + 3 * i * width + c,
             *bias = g.bias + c;
  const auto sum = [&](Index at) HWY_ATTR {
    return hn::Add(hn::Add(hn::LoadU(d, input + at), hn::LoadU(d, state + at)),
                   hn::LoadU(d, bias + at));
  };
  const Vec reset = sigmoid(sum(0)), update = sigmoid(sum(width));
  const Vec recurrent = hn::Add(hn::LoadU(d, state + 2 * width), hn::LoadU(d, bias + 3 * width));
  const Vec fresh = hn::Add(hn::LoadU(d, input + 2 * width), hn::LoadU(d, bias + 2 * width));
  return {reset, update, tanh_of(hn::MulAdd(reset, recurrent, fresh)), recurrent};
}

void gru_gates(const GRURows& g, Real* y) {
  if (less_than_a_vector(g.hidden)) return kernels::scalar::gru_gates(g, y);
  const Tag d;
  for (Index i = 0; i < g.rows; ++i)
    for_columns(g.hidden, [&](Index c, Index) HWY_ATTR {
      const Index at = i * g.hidden + c;
      const Gates gates = gates_of(g, i, c);
      const Vec left = hn::Sub(hn::LoadU(d, g.h + at), gates.candidate);
      hn::StoreU(hn::MulAdd(gates.update, left, gates.candidate), d, y + at);
    });
}

void gru_gates_backward(const GRURows& g, const Real* dy, const GRUGradient& to) {
  if (less_than_a_vector(g.hidden)) return kernels::scalar::gru_gates_backward(g, dy, to);
  const Tag d;
  const Index width = g.hidden;
  const auto one = hn::Set(d, 1);
  for (Index i = 0; i < g.rows; ++i)
    for_columns(width, [&](Index c, Index done) HWY_ATTR {
      const Index at = i * width + c;
      const auto [reset, update, candidate, recurrent] = gates_of(g, i, c);
      const Vec received = hn::LoadU(d, dy + at);
      const Vec d_candidate = hn::Mul(hn::Mul(received, hn::Sub(one, update)),
                                      hn::NegMulAdd(candidate, candidate, one));
      const Vec d_reset =
          hn::Mul(hn::Mul(d_candidate, recurrent), hn::Mul(reset, hn::Sub(one, reset)));
      const Vec d_update = hn::Mul(hn::Mul(received, hn::Sub(hn::LoadU(d, g.h + at), candidate)),
                                   hn::Mul(update, hn::Sub(one, update)));
      const Vec d_recurrent = hn::Mul(d_candidate, reset);
      Real *input = to.d_input + 3 * i * width + c, *state = to.d_state + 3 * i * width + c;
      hn::StoreU(d_reset, d, input);
      hn::StoreU(d_reset, d, state);
      hn::StoreU(d_update, d, input + width);
      hn::StoreU(d_update, d, state + width);
      hn::StoreU(d_candidate, d, input + 2 * width);
      hn::StoreU(d_recurrent, d, state + 2 * width);
      hn::StoreU(hn::Mul(received, update), d, to.dh + at);
      const auto add = [&](Vec v, Real* sum) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, sum), without_first(v, done)), d, sum);
      };
      add(d_reset, to.d_bias + c);
      add(d_update, to.d_bias + width + c);
      add(d_candidate, to.d_bias + 2 * width + c);
      add(d_recurrent, to.d_bias + 3 * width + c);
    });
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

void gru_gates(const GRURows& rows, Real* y) { HWY_DYNAMIC_DISPATCH(agate::gru_gates)(rows, y); }

void gru_gates_backward(const GRURows& rows, const Real* dy, const GRUGradient& to) {
  HWY_DYNAMIC_DISPATCH(agate::gru_gates_backward)(rows, dy, to);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
