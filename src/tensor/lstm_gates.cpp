#include <agate/core/error.hpp>
#include <agate/tensor/lstm_gates.hpp>
#include <cmath>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

Real sigmoid(Real v) { return 1 / (1 + std::exp(-v)); }

// One row: the gates after their activations, and the state.
void step(Index hidden, const Real* gates, const Real* cell, Real* active, Real* state) {
  for (Index c = 0; c < hidden; ++c) {
    const Real i = active[c] = sigmoid(gates[c]);
    const Real f = active[hidden + c] = sigmoid(gates[hidden + c]);
    const Real g = active[2 * hidden + c] = std::tanh(gates[2 * hidden + c]);
    const Real o = active[3 * hidden + c] = sigmoid(gates[3 * hidden + c]);
    const Real next = f * cell[c] + i * g;
    state[hidden + c] = next;
    state[c] = o * std::tanh(next);
  }
}

void step_backward(Index hidden, const Real* active, const Real* cell, const Real* state,
                   const Real* d_state, Real* d_gates, Real* d_cell) {
  for (Index c = 0; c < hidden; ++c) {
    const Real i = active[c], f = active[hidden + c], g = active[2 * hidden + c],
               o = active[3 * hidden + c], t = std::tanh(state[hidden + c]);
    const Real d_next = d_state[hidden + c] + d_state[c] * o * (1 - t * t);
    d_gates[c] = d_next * g * i * (1 - i);
    d_gates[hidden + c] = d_next * cell[c] * f * (1 - f);
    d_gates[2 * hidden + c] = d_next * i * (1 - g * g);
    d_gates[3 * hidden + c] = d_state[c] * t * o * (1 - o);
    d_cell[c] = d_next * f;
  }
}

}  // namespace

Var lstm_gates(const Var& gates, const Var& cell) {
  check(gates.rows() == cell.rows() && gates.cols() == 4 * cell.cols(), ErrorCode::shape,
        "lstm_gates: gates of ", gates.shape().to_string(), " for cells of ",
        cell.shape().to_string());
  Tape& tape = gates.tape();
  const Index n = cell.rows(), hidden = cell.cols(), grain = row_grain(16 * hidden);
  Tensor active = tape.make(gates.shape()), y = tape.make({n, 2 * hidden});
  parallel_for(tape.threads(), n, grain, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r)
      step(hidden, gates.value().row(r), cell.value().row(r), active.row(r), y.row(r));
  });
  return tape.record(y, {&gates, &cell}, [&] {
    return
        [&tape, d_gates = gates.gradient(), cell, active, y, n, hidden, grain](const Tensor& dy) {
          Tensor dg = tape.make({n, 4 * hidden}), dc = tape.make({n, hidden});
          parallel_for(tape.threads(), n, grain, [&](Index begin, Index end) {
            for (Index r = begin; r < end; ++r)
              step_backward(hidden, active.row(r), cell.value().row(r), y.row(r), dy.row(r),
                            dg.row(r), dc.row(r));
          });
          d_gates.add(std::move(dg));
          cell.gradient().add(std::move(dc));
        };
  });
}

}  // namespace AGATE_NAMESPACE
