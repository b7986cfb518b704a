#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/lstm.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/lstm_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/columns-inl.hpp"
#include "kernels/gates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::lstm_gates;
using kernels::scalar::lstm_gates_backward;
#else
namespace hn = hwy::HWY_NAMESPACE;
using kernels::LSTMRows;

using Tag = hn::ScalableTag<Real>;
using Vec = hn::Vec<Tag>;

void lstm_gates(const LSTMRows& r, Real* state) {
  if (less_than_a_vector(r.hidden)) return kernels::scalar::lstm_gates(r, state);
  const Tag d;
  const Index width = r.hidden;
  for (Index row = 0; row < r.rows; ++row) {
    for_columns(width, [&](Index c, Index done) HWY_ATTR {
      Real* gate = r.gates + 4 * row * width + c;
      Real* next = state + 2 * row * width + c;
      Vec sum[4];
      for (Index k = 0; k < 4; ++k) sum[k] = hn::LoadU(d, gate + k * width);
      const Vec in = sigmoid(sum[0]), forget = sigmoid(sum[1]), candidate = tanh_of(sum[2]),
                out = sigmoid(sum[3]);
      store(in, sum[0], done, gate);
      store(forget, sum[1], done, gate + width);
      store(candidate, sum[2], done, gate + 2 * width);
      store(out, sum[3], done, gate + 3 * width);
      const Vec before = hn::LoadU(d, r.cell + row * r.cell_stride + c);
      const Vec cell = hn::MulAdd(forget, before, hn::Mul(in, candidate));
      store(cell, hn::LoadU(d, next + width), done, next + width);
      store(hn::Mul(out, tanh_of(cell)), hn::LoadU(d, next), done, next);
    });
  }
}

void lstm_gates_backward(const LSTMRows& r, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride) {
  if (less_than_a_vector(r.hidden))
    return kernels::scalar::lstm_gates_backward(r, state, d_state, d_cell, stride);
  const Tag d;
  const Index width = r.hidden;
  const auto one = hn::Set(d, 1);
  for (Index row = 0; row < r.rows; ++row) {
    for_columns(width, [&](Index c, Index done) HWY_ATTR {
      Real* gate = r.gates + 4 * row * width + c;
      const Real *next = state + 2 * row * width + c, *dy = d_state + 2 * row * width + c;
      const Vec in = hn::LoadU(d, gate), forget = hn::LoadU(d, gate + width),
                candidate = hn::LoadU(d, gate + 2 * width), out = hn::LoadU(d, gate + 3 * width),
                bent = tanh_of(hn::LoadU(d, next + width)), d_h = hn::LoadU(d, dy),
                before = hn::LoadU(d, r.cell + row * r.cell_stride + c);
      const Vec d_cell_next =
          hn::MulAdd(hn::Mul(d_h, out), hn::NegMulAdd(bent, bent, one), hn::LoadU(d, dy + width));
      const auto slope = [&](Vec gate_value)
                             HWY_ATTR { return hn::NegMulAdd(gate_value, gate_value, gate_value); };
      store(hn::Mul(hn::Mul(d_cell_next, candidate), slope(in)), in, done, gate);
      store(hn::Mul(hn::Mul(d_cell_next, before), slope(forget)), forget, done, gate + width);
      store(hn::Mul(hn::Mul(d_cell_next, in), hn::NegMulAdd(candidate, candidate, one)), candidate,
            done, gate + 2 * width);
      store(hn::Mul(hn::Mul(d_h, bent), slope(out)), out, done, gate + 3 * width);
      Real* to = d_cell + row * stride + c;
      store(hn::Mul(d_cell_next, forget), hn::LoadU(d, to), done, to);
    });
  }
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(lstm_gates);
HWY_EXPORT(lstm_gates_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void lstm_gates(const LSTMRows& rows, Real* state) {
  HWY_DYNAMIC_DISPATCH(agate::lstm_gates)(rows, state);
}

void lstm_gates_backward(const LSTMRows& rows, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride) {
  HWY_DYNAMIC_DISPATCH(agate::lstm_gates_backward)(rows, state, d_state, d_cell, stride);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
