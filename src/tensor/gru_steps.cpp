#include <agate/tensor/recurrent_steps.hpp>

#include "kernels/gemm.hpp"
#include "kernels/gru.hpp"
#include "tensor/step_rows.hpp"

namespace AGATE_NAMESPACE {
namespace {

// All steps and their way back. `gates` holds the gates, then their gradients.
struct GruSteps {
  StepRows at;
  Var sums, h;
  GRURecurrence weights;
  Tensor gates, y;
  Index hidden;

  const Real* before(Index t, Index r) const {
    return t == 0 ? h.value().row(r) : y.row(at.start(t - 1) + r);
  }
  kernels::GRURows rows(Index t, Index begin, Index count) const {
    Tensor kept = gates;
    return {count, hidden, kept.row(at.start(t) + begin), before(t, begin)};
  }
  void forward(Index begin, Index end, const Real* bias);
  void backward(Index begin, Index end, const Tensor& dy, Tensor& dh, Real* d_bias) const;
};

void GruSteps::forward(Index begin, Index end, const Real* bias) {
  const Real* hh = weights.hh.value().data();
  const Index width = 4 * hidden;
  for (Index t = 0; t < at.steps(); ++t) {
    const Index count = at.alive(t, begin, end);
    if (count == 0) return;
    const Index first = at.start(t) + begin;
    for (Index i = first; i < first + count; ++i)
      std::copy_n(sums.value().row(i), 3 * hidden, gates.row(i));
    const kernels::Matrix state{before(t, begin), hidden};
    kernels::serial_gemm(count, 2 * hidden, hidden, state, {hh, hidden, true}, true,
                         gates.row(first), width);
    kernels::serial_gemm(count, hidden, hidden, state, {hh + 2 * hidden * hidden, hidden, true},
                         false, gates.row(first) + 3 * hidden, width);
    kernels::gru_gates(rows(t, begin, count), bias, y.row(first));
  }
}

// dh: of the first states, rows begin to end - 1, zero before.
void GruSteps::backward(Index begin, Index end, const Tensor& dy, Tensor& dh, Real* d_bias) const {
  const Real* hh = weights.hh.value().data();
  const Index width = 4 * hidden;
  std::vector<Real> received(static_cast<std::size_t>((end - begin) * hidden));
  for (Index t = at.steps() - 1; t >= 0; --t) {
    const Index count = at.alive(t, begin, end);
    if (count == 0) continue;
    const Index first = at.start(t) + begin;
    Real* passed = dh.row(begin);
    for (Index k = 0; k < count * hidden; ++k) received[k] = dy.row(first)[k] + passed[k];
    kernels::gru_gates_backward(rows(t, begin, count), received.data(), passed, d_bias);
    const Real* d = gates.row(first);
    kernels::serial_gemm(count, hidden, 2 * hidden, {d, width}, {hh, hidden}, true, passed, hidden);
    kernels::serial_gemm(count, hidden, hidden, {d + 3 * hidden, width},
                         {hh + 2 * hidden * hidden, hidden}, true, passed, hidden);
  }
}

void add_weight_gradient(Tape& tape, const GruSteps& s) {
  if (!s.weights.hh.requires_grad()) return;
  const Tensor before = s.at.states_before(tape, s.h.value(), s.y);
  Tensor d = tape.make(s.weights.hh.shape());
  const auto product = [&](Index gate_count, Index from, Real* to) {
    kernels::gemm_tall(tape.threads(), tape.pool(), gate_count * s.hidden, s.hidden, before.rows(),
                       {s.gates.data() + from * s.hidden, 4 * s.hidden}, {before.data(), s.hidden},
                       to, s.hidden);
  };
  product(2, 0, d.data());
  product(1, 3, d.row(2 * s.hidden));
  s.weights.hh.gradient().add(std::move(d));
}

void backward(Tape& tape, const GruSteps& s, const Tensor& dy) {
  const Index hidden = s.hidden, block = s.at.block();
  Tensor dh = tape.make_zeros(s.h.shape());
  std::vector<Real> parts(
      static_cast<std::size_t>(chunk_count(s.at.sequences(), block) * 4 * hidden));
  s.at.for_blocks(tape, [&](Index begin, Index end) {
    s.backward(begin, end, dy, dh, parts.data() + begin / block * 4 * hidden);
  });
  add_weight_gradient(tape, s);
  if (s.weights.bias_hh && s.weights.bias_hh->requires_grad()) {
    std::vector<double> total(static_cast<std::size_t>(4 * hidden));
    for (std::size_t k = 0; k < parts.size(); ++k) total[k % total.size()] += parts[k];
    std::copy_n(total.data() + 3 * hidden, hidden, total.data() + 2 * hidden);
    s.weights.bias_hh->gradient().add(as_tensor(tape, total.data(), s.weights.bias_hh->shape()));
  }
  if (s.sums.requires_grad()) {
    Tensor d = tape.make(s.sums.shape());
    parallel_for(tape.threads(), d.rows(), row_grain(3 * hidden), [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) std::copy_n(s.gates.row(i), 3 * hidden, d.row(i));
    });
    s.sums.gradient().add(std::move(d));
  }
  s.h.gradient().add(std::move(dh));
}

}  // namespace

Var gru_steps(const Var& sums, const Var& h, std::span<const Index> counts,
              const GRURecurrence& w) {
  const Index hidden = h.cols(), gates = 3 * hidden;
  check(sums.cols() == gates && w.hh.shape() == Shape{gates, hidden} &&
            (!w.bias_hh || w.bias_hh->value().size() == gates),
        ErrorCode::shape, "gru_steps: sums of ", sums.cols(), " columns, weights of ",
        w.hh.shape().to_string(), " and ", w.bias_hh ? w.bias_hh->value().size() : 0,
        " biases for states of ", hidden, " columns");
  Tape& tape = h.tape();
  GruSteps steps{StepRows("gru_steps", counts, sums.rows(), h.rows()),
                 sums,
                 h,
                 w,
                 tape.make({sums.rows(), 4 * hidden}),
                 tape.make({sums.rows(), hidden}),
                 hidden};
  Tensor bias = tape.make_zeros({4 * hidden});
  if (w.bias_hh) {
    std::copy_n(w.bias_hh->value().data(), 2 * hidden, bias.data());
    std::copy_n(w.bias_hh->value().data() + 2 * hidden, hidden, bias.data() + 3 * hidden);
  }
  steps.at.for_blocks(tape,
                      [&](Index begin, Index end) { steps.forward(begin, end, bias.data()); });
  return tape.record(steps.y, {&sums, &h, &w.hh, w.bias_hh ? &*w.bias_hh : &h}, [&] {
    return [&tape, steps](const Tensor& dy) { backward(tape, steps, dy); };
  });
}

}  // namespace AGATE_NAMESPACE
