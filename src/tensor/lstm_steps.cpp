#include <agate/tensor/recurrent_steps.hpp>

#include "kernels/gemm.hpp"
#include "kernels/lstm.hpp"
#include "tensor/step_rows.hpp"

namespace AGATE_NAMESPACE {
namespace {

// All steps and their way back. `gates` holds the gates, then their gradients.
struct LstmSteps {
  StepRows at;
  Var sums, h, c, hh;
  Tensor gates, y;
  Index hidden;

  kernels::LSTMRows rows(Index t, Index begin, Index count) const {
    Tensor kept = gates;
    Real* sum = kept.row(at.start(t) + begin);
    if (t == 0) return {count, hidden, sum, c.value().row(begin), hidden};
    return {count, hidden, sum, y.row(at.start(t - 1) + begin) + hidden, 2 * hidden};
  }
  void forward(Index begin, Index end);
  void backward(Index begin, Index end, const Tensor& dy, Tensor& dh, Tensor& dc) const;
};

void LstmSteps::forward(Index begin, Index end) {
  for (Index t = 0; t < at.steps(); ++t) {
    const Index count = at.alive(t, begin, end);
    if (count == 0) return;
    const Index first = at.start(t) + begin;
    const kernels::Matrix before =
        t == 0 ? kernels::Matrix{h.value().row(begin), hidden}
               : kernels::Matrix{y.row(at.start(t - 1) + begin), 2 * hidden};
    std::copy_n(sums.value().row(first), count * 4 * hidden, gates.row(first));
    kernels::serial_gemm(count, 4 * hidden, hidden, before, {hh.value().data(), hidden, true}, true,
                         gates.row(first), 4 * hidden);
    kernels::lstm_gates(rows(t, begin, count), y.row(first));
  }
}

// dh, dc: of the first states, rows begin to end - 1, zero before.
void LstmSteps::backward(Index begin, Index end, const Tensor& dy, Tensor& dh, Tensor& dc) const {
  std::vector<Real> received(static_cast<std::size_t>((end - begin) * 2 * hidden));
  for (Index t = at.steps() - 1; t >= 0; --t) {
    const Index count = at.alive(t, begin, end);
    if (count == 0) continue;
    const Index first = at.start(t) + begin;
    for (Index i = 0; i < count; ++i) {
      const Real *d = dy.row(first + i), *of_h = dh.row(begin + i), *of_c = dc.row(begin + i);
      Real* to = received.data() + 2 * i * hidden;
      for (Index k = 0; k < hidden; ++k) {
        to[k] = d[k] + of_h[k];
        to[hidden + k] = d[hidden + k] + of_c[k];
      }
    }
    kernels::lstm_gates_backward(rows(t, begin, count), y.row(first), received.data(),
                                 dc.row(begin), hidden);
    kernels::serial_gemm(count, hidden, 4 * hidden, {gates.row(first), 4 * hidden},
                         {hh.value().data(), hidden}, false, dh.row(begin), hidden);
  }
}

void backward(Tape& tape, const LstmSteps& s, const Tensor& dy) {
  const Index hidden = s.hidden;
  Tensor dh = tape.make_zeros(s.h.shape()), dc = tape.make_zeros(s.c.shape());
  s.at.for_blocks(tape, [&](Index begin, Index end) { s.backward(begin, end, dy, dh, dc); });
  if (s.hh.requires_grad()) {
    const Tensor before = s.at.states_before(tape, s.h.value(), s.y);
    Tensor d = tape.make(s.hh.shape());
    kernels::gemm_tall(tape.threads(), tape.pool(), 4 * hidden, hidden, before.rows(),
                       {s.gates.data(), 4 * hidden}, {before.data(), hidden}, d.data(), hidden);
    s.hh.gradient().add(std::move(d));
  }
  s.sums.gradient().add(s.gates);
  s.h.gradient().add(std::move(dh));
  s.c.gradient().add(std::move(dc));
}

}  // namespace

Var lstm_steps(const Var& sums, const Var& h, const Var& c, std::span<const Index> counts,
               const Var& hh) {
  const Index hidden = h.cols();
  check(sums.cols() == 4 * hidden && hh.shape() == Shape{4 * hidden, hidden} &&
            c.shape() == h.shape(),
        ErrorCode::shape, "lstm_steps: sums of ", sums.cols(), " columns and weights of ",
        hh.shape().to_string(), " for states of ", h.shape().to_string(), " and ",
        c.shape().to_string());
  Tape& tape = h.tape();
  LstmSteps steps{StepRows("lstm_steps", counts, sums.rows(), h.rows()),
                  sums,
                  h,
                  c,
                  hh,
                  tape.make({sums.rows(), 4 * hidden}),
                  tape.make({sums.rows(), 2 * hidden}),
                  hidden};
  steps.at.for_blocks(tape, [&](Index begin, Index end) { steps.forward(begin, end); });
  return tape.record(steps.y, {&sums, &h, &c, &hh}, [&] {
    return [&tape, steps](const Tensor& dy) { backward(tape, steps, dy); };
  });
}

}  // namespace AGATE_NAMESPACE
